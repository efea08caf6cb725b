package dev.satchel.publisher.model;

import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the model's table says of one user; null where it says nothing. */
record ModelRow(@Nullable Boolean preview, @Nullable String plan, @Nullable Long projects) {

  /** Whether a pair's JSON says the same. */
  boolean isSaidBy(JsonObject json) {
    Number said = json.getInteger("projects");
    return Objects.equals(json.getBoolean("preview"), preview)
        && Objects.equals(json.getString("plan"), plan)
        && Objects.equals(said == null ? null : said.longValue(), projects);
  }

  String inSql(String id) {
    return "('%s', %s, %s, %s)"
        .formatted(id, preview, plan == null ? "null" : "'" + plan + "'", projects);
  }
}
