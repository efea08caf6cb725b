package dev.satchel.kv.local;

/**
 * What the contract allows at most. Numbers are from developers.cloudflare.com/kv/platform/limits
 * and kv/api/write-key-value-pairs unless a line says otherwise.
 */
final class Limits {
  static final int VALUE_BYTES = 26_214_400;
  static final int KEY_BYTES = 512;
  static final int METADATA_BYTES = 1_024;
  static final int BULK_KEYS = 10_000;
  static final int BULK_GET_KEYS = 100;
  static final int REQUEST_BYTES = 100_000_000;
  static final int LEAST_LIFE_SECONDS = 60;
  static final int LIST_LEAST = 10;
  static final int LIST_MOST = 1_000;

  /** Limit for all values of one bulk read together, as in the Workers binding of the same name. */
  static final int BULK_GET_BYTES = VALUE_BYTES;

  /** Ours: a namespace's title, an account id; Cloudflare publishes no number. */
  static final int NAME_BYTES = 512;

  /** Ours: a body that should hold a title only. */
  static final int SMALL_REQUEST_BYTES = 65_536;

  /**
   * Ours: how much of an overlong body is read and thrown away, so that a client that sends first
   * and listens afterwards still sees the refusal.
   */
  static final long DRAINED_BYTES = 268_435_456;

  private Limits() {}
}
