package dev.satchel.kv.local;

import org.jspecify.annotations.Nullable;

/**
 * What is stored under one key. The arrays are not copied and must not be changed.
 *
 * @param metadata JSON in its shortest form, or null for none
 * @param expiration the Unix seconds at which the pair is gone, or {@link #NEVER}
 */
@SuppressWarnings("ArrayRecordComponent") // moved once and never compared
record Pair(byte[] value, byte @Nullable [] metadata, long expiration) {
  static final long NEVER = 0;

  boolean expires() {
    return expiration != NEVER;
  }
}
