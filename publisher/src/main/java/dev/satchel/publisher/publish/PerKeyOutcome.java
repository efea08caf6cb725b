package dev.satchel.publisher.publish;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * What one publication of a pair per user came to.
 *
 * @param users as many pairs, each a billed write
 * @param bytes of all values
 * @param requests bulk writes that it took
 */
record PerKeyOutcome(
    String contentHash, long users, long bytes, int requests, Instant publishedAt, StageTimes times)
    implements Outcome {

  /** Pairs have no revision. */
  @Override
  public long revision() {
    return 0;
  }

  /** Every run writes every pair. */
  @Override
  public boolean isNews() {
    return true;
  }

  @Override
  public boolean isHeld() {
    return false;
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("outcome", "published")
        .put("layout", "per-key")
        .put("contentHash", contentHash)
        .put("users", users)
        .put("bytes", bytes)
        .put("requests", requests)
        .put("publishedAt", publishedAt.toString())
        .put("seconds", times.toJson());
  }

  @Override
  public String inWords() {
    return "published %,d users as a pair each (as many billed writes): %,d bytes in %,d requests in %s"
        .formatted(users, bytes, requests, times.inWords());
  }
}
