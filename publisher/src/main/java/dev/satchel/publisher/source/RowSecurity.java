package dev.satchel.publisher.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of a query whose rows row-level security would filter. */
public enum RowSecurity {
  /** PostgreSQL refuses it, so that no user is left out unseen. */
  REFUSE("off"),
  /** It returns the rows that the policies show to the role. */
  FILTER("on");

  private final String setting;

  RowSecurity(String setting) {
    this.setting = setting;
  }

  /** Returns what a person names in lower case; empty for another text. */
  public static Optional<RowSecurity> named(String text) {
    return Arrays.stream(values())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }

  /** Returns the value of PostgreSQL's parameter {@code row_security}. */
  String setting() {
    return setting;
  }
}
