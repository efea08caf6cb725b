package dev.satchel.sdk;

import dev.satchel.kv.Digests;
import dev.satchel.kv.MemoryKv;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import dev.satchel.snapshot.SnapshotPatch;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A snapshot's bytes with the metadata that a publisher stores beside them. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Publication(byte[] value, Map<String, Object> metadata) {
  static final Instant PUBLISHED_AT = Instant.parse("2026-03-01T12:00:00Z");

  /** Users by id, each with fields by name; a field that a user lacks is absent. */
  static Publication of(long revision, Map<?, ? extends Map<String, ?>> users) {
    var fields = new LinkedHashMap<String, Integer>();
    users.values().forEach(u -> u.keySet().forEach(f -> fields.putIfAbsent(f, fields.size())));
    var encoder = new SnapshotEncoder(List.copyOf(fields.keySet()));
    users.forEach(
        (id, user) -> {
          @Nullable Object[] row = new @Nullable Object[fields.size()];
          fields.forEach(
              (name, i) -> row[i] = user.containsKey(name) ? user.get(name) : Snapshot.ABSENT);
          encoder.add(id, row);
        });
    return announcing(revision, encoder.encode(revision, PUBLISHED_AT));
  }

  /** One boolean field for one user, which is all that most tests need. */
  static Publication ofFlag(long revision, String user, boolean enabled) {
    return of(revision, Map.of(user, Map.of("preview_features_enabled", enabled)));
  }

  /** A thousand numbered users with a field {@code note}, of which the last byte is flipped. */
  static Publication ofBrokenNotes(long revision) {
    var random = new Random(42);
    var users = new HashMap<Long, Map<String, String>>();
    for (long id = 0; id < 1_000; id++) {
      users.put(id, Map.of("note", Long.toHexString(random.nextLong())));
    }
    byte[] bytes = of(revision, users).value.clone();
    bytes[bytes.length - 1] ^= 1;
    return announcing(revision, bytes);
  }

  static Publication announcing(long revision, byte[] bytes) {
    return new Publication(
        bytes,
        Map.of("revision", revision, "sha256", Digests.sha256(bytes), "bytes", bytes.length));
  }

  /**
   * A patch from one snapshot to a later one.
   *
   * @param earlier the patch before it, which it names, or null
   */
  static byte[] patch(byte[] before, byte[] after, @Nullable PublishedPatch earlier) {
    return SnapshotPatch.between(
            Snapshot.open(before),
            Snapshot.open(after),
            Digests.sha256(after),
            earlier == null
                ? null
                : new SnapshotPatch.Link(earlier.from(), earlier.bytes(), earlier.sha256()),
            after.length)
        .orElseThrow();
  }

  String sha256() {
    return String.valueOf(metadata.get("sha256"));
  }

  void putTo(MemoryKv kv, String key) {
    kv.put(key, value, metadata);
  }
}
