package dev.satchel.publisher.store;

import dev.satchel.kv.PublishedValue;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What the pairs of the users say, as the metadata of {@code KEY@pairs} tell. They are written
 * after the last pair, so the pairs may say something newer, but nothing older.
 *
 * @param prefix what precedes each user id in the keys
 * @param revision whose users all pairs were brought to
 * @param oldest the oldest revision that a pair may say, because a write that was given up may
 *     still take effect; equal to {@code revision} if there is no such doubt
 * @param at when this was written, by the clock that revisions are numbered by
 * @param madeGood when a doubt was last made good by writing once more, by the same clock; the
 *     epoch if there was none, or if nothing of it can matter any more
 */
public record PairState(String prefix, long revision, long oldest, Instant at, Instant madeGood) {

  private static final String NEVER = Instant.EPOCH.toString();

  /**
   * Reads what {@link #toJson} wrote; empty if this is something else. Whoever has the token may
   * have written it.
   */
  static Optional<PairState> fromJson(JsonObject json) {
    try {
      return json.getValue("prefix") instanceof String prefix
              && json.getValue("at") instanceof String at
              && json.getValue("madeGood", NEVER) instanceof String madeGood
          ? Optional.of(
                  new PairState(
                      prefix,
                      PublishedValue.whole(json.getValue("revision")),
                      PublishedValue.whole(json.getValue("oldest")),
                      SnapshotMetadata.time(at),
                      SnapshotMetadata.time(madeGood)))
              .filter(state -> state.oldest > 0 && state.revision >= state.oldest)
          : Optional.empty();
    } catch (ClassCastException | DateTimeException e) {
      return Optional.empty();
    }
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("prefix", prefix)
        .put("revision", revision)
        .put("oldest", oldest)
        .put("at", at.toString())
        .put("madeGood", madeGood.toString());
  }

  /** Returns whether a pair may yet turn out to say an older revision. */
  public boolean isInDoubt() {
    return oldest < revision;
  }
}
