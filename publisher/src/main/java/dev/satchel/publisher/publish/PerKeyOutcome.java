package dev.satchel.publisher.publish;

import dev.satchel.publisher.store.PairCounts;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * The result of publishing a pair for each user.
 *
 * @param users the number of users, each a billed write
 * @param bytes of all values
 * @param requests the number of bulk writes it took
 */
record PerKeyOutcome(
    String contentHash, long users, long bytes, int requests, Instant publishedAt, StageTimes times)
    implements Outcome {

  /** Returns 0, since pairs have no revision. */
  @Override
  public long revision() {
    return 0;
  }

  /** Returns true, since every run writes every pair. */
  @Override
  public boolean isNews() {
    return true;
  }

  @Override
  public PairCounts pairs() {
    return new PairCounts(users, 0);
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
    return "published %,d users as a pair each (one billed write a user): %,d bytes in %,d requests in %s"
        .formatted(users, bytes, requests, times.inWords());
  }
}
