package dev.satchel.publisher.model;

import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.store.SnapshotMetadata;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace holds, and what it held for the last minute, which is all that its edges may
 * answer with.
 */
final class ModelStore {
  /** How long an edge may go on answering with what was replaced. */
  static final Duration STALENESS = Duration.ofSeconds(60);

  /** A value with its metadata. */
  record Pair(Buffer value, JsonObject metadata) {

    /** Of the snapshot that it holds. */
    SnapshotMetadata about() {
      return SnapshotMetadata.fromJson(metadata)
          .orElseThrow(() -> new AssertionError("expected a snapshot's metadata: " + metadata));
    }
  }

  /** What lay under a key from a moment on; null for nothing. */
  record Version(Instant since, @Nullable Pair pair) {}

  private static final Version NOTHING = new Version(Instant.MIN, null);

  /** The newest first. */
  private final Map<String, Deque<Version>> versions = new TreeMap<>();

  /** What lies under a key now. */
  Version newest(String key) {
    Deque<Version> all = versions.get(key);
    return all == null ? NOTHING : all.getFirst();
  }

  void set(String key, @Nullable Pair pair, Instant now) {
    var all = versions.computeIfAbsent(key, absent -> new ArrayDeque<>(List.of(NOTHING)));
    all.addFirst(new Version(now, pair));
    int visible = visible(key, now).size();
    while (all.size() > visible) {
      all.removeLast();
    }
  }

  /** What an edge may answer with: all that was there in the last minute, the newest first. */
  List<Version> visible(String key, Instant now) {
    Instant oldest = now.minus(STALENESS);
    var visible = new ArrayList<Version>();
    for (Version version : versions.getOrDefault(key, new ArrayDeque<>(List.of(NOTHING)))) {
      visible.add(version);
      if (!version.since.isAfter(oldest)) {
        break;
      }
    }
    return visible;
  }

  List<KeyPage.Key> keys(String prefix) {
    var keys = new ArrayList<KeyPage.Key>();
    versions.forEach(
        (key, all) -> {
          Pair pair = all.getFirst().pair;
          if (pair != null && key.startsWith(prefix)) {
            keys.add(new KeyPage.Key(key, pair.metadata.copy(), null));
          }
        });
    return keys;
  }
}
