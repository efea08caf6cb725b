package dev.satchel.publisher.store;

import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How many users a publication changed, compared with the one before it.
 *
 * @param changed users in both with any different value
 */
public record UsersChange(int added, int removed, int changed) {

  public static UsersChange of(SnapshotDiff diff) {
    return new UsersChange(diff.added(), diff.removed(), diff.changed());
  }

  /** Reads what {@link #toJson} wrote; null if this is something else. */
  static @Nullable UsersChange fromJson(@Nullable Object json) {
    return json instanceof JsonObject change
            && change.getValue("added") instanceof Integer added
            && change.getValue("removed") instanceof Integer removed
            && change.getValue("changed") instanceof Integer changed
            && Math.min(added, Math.min(removed, changed)) >= 0
        ? new UsersChange(added, removed, changed)
        : null;
  }

  public JsonObject toJson() {
    return new JsonObject().put("added", added).put("removed", removed).put("changed", changed);
  }

  /** Returns a phrase such as {@code +3 -1 users, 12 changed}. */
  public String inWords() {
    return "+%,d -%,d users, %,d changed".formatted(added, removed, changed);
  }
}
