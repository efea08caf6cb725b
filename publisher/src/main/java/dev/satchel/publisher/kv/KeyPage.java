package dev.satchel.publisher.kv;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a namespace's keys. {@code cursor} asks for the next page and is null after the last.
 */
public record KeyPage(List<Key> keys, @Nullable String cursor) {

  public KeyPage {
    keys = List.copyOf(keys);
  }

  /** A key as a listing shows it, without its value. */
  public record Key(String name, @Nullable JsonObject metadata, @Nullable Instant expiresAt) {}
}
