package dev.satchel.sdk.testkit;

import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes snapshots from maps. */
public final class TestSnapshots {
  private TestSnapshots() {}

  /**
   * Returns the bytes of a snapshot, as a publisher would write them.
   *
   * @param users the fields of each user id. Ids are texts, UUIDs or whole numbers, all of one
   *     class; values are null, booleans, numbers, texts, lists or maps. A field that a user lacks
   *     is absent
   * @throws IllegalArgumentException if an id or a value is of another class
   */
  public static byte[] encode(
      long revision, Instant publishedAt, Map<?, ? extends Map<String, ?>> users) {
    var fields = new LinkedHashMap<String, Integer>();
    users
        .values()
        .forEach(user -> user.keySet().forEach(f -> fields.putIfAbsent(f, fields.size())));
    var encoder = new SnapshotEncoder(List.copyOf(fields.keySet()));
    users.forEach(
        (id, user) -> {
          @Nullable Object[] values = new @Nullable Object[fields.size()];
          fields.forEach(
              (field, i) ->
                  values[i] = user.containsKey(field) ? widened(user.get(field)) : Snapshot.ABSENT);
          encoder.add(id instanceof Integer number ? (Object) number.longValue() : id, values);
        });
    return encoder.encode(revision, publishedAt);
  }

  /** Widens Java's int and float literals to the long and double of a snapshot. */
  private static @Nullable Object widened(@Nullable Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return Double.parseDouble(number.toString());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(TestSnapshots::widened).toList();
    }
    if (value instanceof Map<?, ?> map) {
      var copy = new LinkedHashMap<Object, @Nullable Object>();
      map.forEach((name, member) -> copy.put(name, widened(member)));
      return copy;
    }
    return value;
  }
}
