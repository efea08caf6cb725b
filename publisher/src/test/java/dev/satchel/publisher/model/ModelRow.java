package dev.satchel.publisher.model;

import org.jspecify.annotations.Nullable;

/** What the model's table says of one user; null where it says nothing. */
record ModelRow(@Nullable Boolean preview, @Nullable String plan, @Nullable Long projects) {

  String inSql(String id) {
    return "('%s', %s, %s, %s)"
        .formatted(id, preview, plan == null ? "null" : "'" + plan + "'", projects);
  }
}
