package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Small snapshots that together have every codec and every kind of user id. */
final class Samples {
  static final Instant PUBLISHED_AT = Instant.ofEpochMilli(1_800_000_000_123L);

  /** More rows than are written value by value. */
  static final int USERS = 300;

  private Samples() {}

  static Field field(Snapshot snapshot, String name) {
    return Objects.requireNonNull(snapshot.field(name), name);
  }

  /** Fields of which each makes the encoder choose another codec, given {@link #USERS}. */
  static Map<String, IntFunction<@Nullable Object>> fields() {
    Map<String, IntFunction<@Nullable Object>> fields = new TreeMap<>();
    Random random = new Random(42);
    fields.put("constant", i -> "same");
    fields.put("dictionary", i -> i % 3 == 0 ? "red" : i % 3 == 1 ? null : "green");
    fields.put(
        "choice", i -> i % 2 == 0 ? (Object) (long) i : i % 30 == 1 ? Snapshot.ABSENT : "t" + i);
    fields.put("numbers", i -> 1000L * i - 7);
    fields.put("doubles", i -> i / 3.0);
    fields.put("scaled doubles", i -> i / 100.0);
    fields.put("decimals", i -> new BigDecimal(BigInteger.valueOf(i), 2));
    fields.put("times", i -> TimeText.UTC.text(i * 123_456_789L));
    fields.put("uuid texts", i -> new UUID(i, ~i).toString());
    fields.put("texts", i -> "ünï" + "+".repeat(i % 7) + i);
    fields.put("pattern", i -> "user-" + i + (i % 2 == 0 ? "-blue" : "-red"));
    fields.put("lists", i -> List.of((long) i, "red", i % 2 == 0));
    fields.put("objects", i -> Map.of("n", (long) i, "k" + i % 2, List.of("red")));
    fields.put("packed", i -> new BigDecimal(new BigInteger(200, random), i % 5));
    return fields;
  }

  /** Every kind of user id that has a codec of its own, and mixes. */
  static Map<String, IntFunction<Object>> ids() {
    Map<String, IntFunction<Object>> ids = new LinkedHashMap<>();
    Random random = new Random(43);
    ids.put("uuids", i -> new UUID(random.nextLong(), random.nextLong()));
    Random bits = new Random(44);
    ids.put(
        "random-uuids",
        i ->
            new UUID(
                (bits.nextLong() & ~0xF000L) | 0x4000L, (bits.nextLong() >>> 2) | Long.MIN_VALUE));
    ids.put("mixed-uuids", i -> i == 0 ? new UUID(0, 0) : new UUID(-1L, i));
    ids.put("integers", i -> i * 37L - 500);
    ids.put("text-numbers", i -> "user-" + i);
    Random digits = new Random(45);
    ids.put(
        "text-radix",
        i ->
            "cus_%s-%03d"
                .formatted(Long.toString(digits.nextLong(1L << 40) | 1L << 40, 32), i * 12));
    ids.put("texts", i -> "name" + i % 17 + "." + Integer.toString(i, 7) + "@example.org");
    return ids;
  }

  private static IntFunction<Object> ids(String kind) {
    return Objects.requireNonNull(ids().get(kind));
  }

  /** Every codec with UUIDs, then each kind of id with a few fields. */
  static Map<String, byte[]> all() {
    Map<String, byte[]> samples = new LinkedHashMap<>();
    samples.put("codecs", encode(ids("uuids"), USERS, fields()));
    Map<String, IntFunction<@Nullable Object>> few = new TreeMap<>();
    few.put("flag", i -> i % 3 == 0);
    few.put("mixed", i -> i % 2 == 0 ? (Object) (long) i : "red");
    ids().forEach((name, ids) -> samples.put(name, encode(ids, 80, few)));
    samples.put("empty", encode(i -> i, 0, few));
    return samples;
  }

  /** Eighty users of UUIDs, with two fields. */
  static byte[] small() {
    return Objects.requireNonNull(all().get("uuids"));
  }

  /** The patch that the sample of a patch says is the one before it. */
  static final SnapshotPatch.Link EARLIER = new SnapshotPatch.Link(3, 1234, "ab".repeat(32));

  /** Every codec with UUIDs, at a revision in which every 29th user has other values. */
  static byte[] codecs(long revision, int users) {
    Map<String, IntFunction<@Nullable Object>> shifted = new TreeMap<>();
    fields()
        .forEach(
            (name, field) ->
                shifted.put(name, i -> field.apply(i % 29 == revision % 29 ? i + 1 : i)));
    return encode(ids("uuids"), users, shifted, revision);
  }

  static byte[] patch(byte[] before, byte[] after) {
    return SnapshotPatch.between(
            Snapshot.open(before),
            Snapshot.open(after),
            HexFormat.of().formatHex(SnapshotLayout.sha256(after, 0, after.length)),
            EARLIER,
            Integer.MAX_VALUE)
        .orElseThrow();
  }

  static byte[] encode(
      IntFunction<Object> ids, int users, Map<String, IntFunction<@Nullable Object>> fields) {
    return encode(ids, users, fields, 7);
  }

  private static byte[] encode(
      IntFunction<Object> ids,
      int users,
      Map<String, IntFunction<@Nullable Object>> fields,
      long revision) {
    SnapshotEncoder encoder = new SnapshotEncoder(List.copyOf(fields.keySet()));
    for (int i = 0; i < users; i++) {
      int user = i;
      encoder.add(ids.apply(i), fields.values().stream().map(field -> field.apply(user)).toArray());
    }
    return encoder.encode(revision, PUBLISHED_AT);
  }

  /** All codecs with a field more, of texts that start with another field's. */
  static Unsealed withPrefixed() {
    Unsealed codecs = Unsealed.of(encode(ids("uuids"), USERS, fields()));
    ByteWriter descriptor = new ByteWriter();
    descriptor.text("prefixed");
    descriptor.varint(placeOf(codecs, "texts") - 1L);
    descriptor.text("constant");
    PlainValue.write(descriptor, "@example.org");
    return codecs.plus(new Unsealed.Part("prefixed", descriptor.toByteArray(), List.of()));
  }

  /** The place of a section with this name. */
  static int placeOf(Unsealed unsealed, String name) {
    for (int place = 0; place < unsealed.parts().size(); place++) {
      if (unsealed.parts().get(place).name().equals(name)) {
        return place;
      }
    }
    throw new AssertionError(name);
  }
}
