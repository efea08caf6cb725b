package dev.satchel.publisher.store;

import io.vertx.core.json.JsonObject;

/**
 * How many pairs of users a publication wrote and deleted. Each is a billed operation of Workers
 * KV.
 */
public record PairCounts(long written, long deleted) {
  /** No pair was touched. */
  public static final PairCounts NONE = new PairCounts(0, 0);

  public boolean areNone() {
    return written == 0 && deleted == 0;
  }

  /** Returns the sum of both. */
  public PairCounts plus(PairCounts more) {
    return new PairCounts(written + more.written, deleted + more.deleted);
  }

  public JsonObject toJson() {
    return new JsonObject().put("written", written).put("deleted", deleted);
  }

  /** Returns a phrase such as {@code 12 written, 1 deleted}. */
  public String inWords() {
    return "%,d written, %,d deleted".formatted(written, deleted);
  }
}
