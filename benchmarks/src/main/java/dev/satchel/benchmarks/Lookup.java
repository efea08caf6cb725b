package dev.satchel.benchmarks;

import java.util.UUID;

/** One boolean field of a million users, asked by user id. What every contender must answer. */
public interface Lookup extends AutoCloseable {
  /** The user's {@code preview_features_enabled}; false for who is not there. */
  boolean isPreview(UUID id);

  /** The same, by the 36 characters of the UUID. */
  boolean isPreview(String id);

  /** Frees what is not on the heap. */
  @Override
  default void close() {}
}
