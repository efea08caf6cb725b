package dev.satchel.snapshot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every user's fields at one revision, searchable by user id. Immutable, safe for any thread. */
public final class Snapshot {
  /** Stands for the value of a user that has no such field; not the same as null. */
  public static final Object ABSENT =
      new Object() {
        @Override
        public String toString() {
          return "ABSENT";
        }
      };

  /** What {@link #find} answers for a user that is not in the snapshot. */
  public static final int NO_USER = -1;

  private final long revision;
  private final Instant publishedAt;
  private final List<String> fieldNames;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<@Nullable Object[]> rows;

  @SuppressWarnings("unchecked")
  private Snapshot(Object[] all) {
    revision = (Long) all[0];
    publishedAt = (Instant) all[1];
    fieldNames = (List<String>) all[2];
    var users = (TreeMap<String, @Nullable Object[]>) all[3];
    rows = new ArrayList<>(users.values());
    for (String id : users.keySet()) {
      numbers.put(id, numbers.size());
    }
  }

  /**
   * Opens a snapshot. The array is not kept and must not change meanwhile.
   *
   * @throws SnapshotFormatException if the bytes are not a sound snapshot
   */
  public static Snapshot open(byte[] value) {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(value))) {
      return new Snapshot((Object[]) in.readObject());
    } catch (IOException | ClassNotFoundException e) {
      throw new SnapshotFormatException(e.toString());
    }
  }

  /** A positive number that only grows. */
  public long revision() {
    return revision;
  }

  /** When the publisher made it, to the millisecond. */
  public Instant publishedAt() {
    return publishedAt;
  }

  /** 64 hex digits of SHA-256 over what the snapshot says, without its revision and time. */
  public String contentHash() {
    return "%064x".formatted(rows.stream().mapToLong(java.util.Arrays::deepHashCode).sum());
  }

  /** The format's major version. */
  public int formatVersion() {
    return 1;
  }

  /** How many users there are; their numbers are 0 to this, less one. */
  public int users() {
    return rows.size();
  }

  /** The names of all fields, in the order of the query. */
  public List<String> fieldNames() {
    return fieldNames;
  }

  /** The field with this name, or null if the snapshot has none. Resolve once, use often. */
  public @Nullable Field field(String name) {
    int i = fieldNames.indexOf(name);
    return i < 0 ? null : new Field(name, rows, i + 1);
  }

  /** The number of a user by UUID, or {@link #NO_USER}. Also finds text ids that spell it. */
  public int find(UUID id) {
    return find(id.toString());
  }

  /** The number of a user by integer, or {@link #NO_USER}. Also finds text ids that spell it. */
  public int find(long id) {
    return find(Long.toString(id));
  }

  /** The number of a user by the text of its id, whatever its type, or {@link #NO_USER}. */
  public int find(String id) {
    return numbers.getOrDefault(id, NO_USER);
  }

  /** The id of the user with this number: a {@link UUID}, {@link Long} or {@link String}. */
  public Object id(int user) {
    return java.util.Objects.requireNonNull(rows.get(user)[0]);
  }

  /** What each column weighs: the user ids first, then the fields in order. */
  public List<Section> sections() {
    return fieldNames.stream().map(name -> new Section(name, "none", 1, 1)).toList();
  }
}
