package dev.satchel.publisher.seed;

import java.util.List;

/** How many fields a synthetic user has; each profile adds fields to the one before. */
public enum Profile {
  /** One flag, as in the tutorial. */
  TUTORIAL("preview_features_enabled"),
  /** Adds a plan, some limits and preferences, and groups. */
  TYPICAL(TUTORIAL.names + ", plan, locale, max_projects, theme, rate_limit, beta_groups"),
  /** Adds fields that differ from user to user. */
  RICH(TYPICAL.names + ", username, email, created_at, quota_used");

  private final String names;

  Profile(String names) {
    this.names = names;
  }

  /** Returns the names of the fields, in order. */
  public List<String> fields() {
    return List.of(names.split(", ", -1));
  }

  /** Returns the query that reads users of this profile from a table that {@link Seeder} filled. */
  public String query(String table) {
    return "SELECT id, " + names + " FROM " + table;
  }
}
