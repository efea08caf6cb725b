package dev.satchel.benchmarks;

import java.util.UUID;

/** One boolean field of a million users, asked for by user id; every contender implements it. */
public interface Lookup extends AutoCloseable {
  /** Returns the user's {@code preview_features_enabled}; false for an unknown user. */
  boolean isPreview(UUID id);

  /** Returns the same, by the 36 characters of the UUID. */
  boolean isPreview(String id);

  /** Returns the answers for many users, asked in one call. */
  default void previews(UUID[] ids, boolean[] into) {
    throw new UnsupportedOperationException("only Satchel answers for many users in one call");
  }

  /** Frees everything that is not on the heap. */
  @Override
  default void close() {}
}
