package dev.satchel.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Packs users into one snapshot. Confined to one thread at a time. The same users give the same
 * bytes, in whatever order they are added.
 */
public final class SnapshotEncoder {
  private final List<String> fields;
  private final TreeMap<String, @Nullable Object[]> users = new TreeMap<>();

  /** An empty encoder for users with these fields; names are unique and not empty. */
  public SnapshotEncoder(List<String> fields) {
    this.fields = List.copyOf(fields);
  }

  /**
   * Adds one user.
   *
   * @param id a {@link java.util.UUID}, {@link Long} or {@link String}; every user's of one class
   * @param values a value for each field: null, {@link Boolean}, {@link Long}, finite {@link
   *     Double}, {@link java.math.BigDecimal}, {@link String}, a {@link List} or a {@link
   *     java.util.Map} by strings of such values, or {@link Snapshot#ABSENT}; copied, not kept
   */
  public void add(Object id, @Nullable Object[] values) {
    @Nullable Object[] row = new @Nullable Object[values.length + 1];
    row[0] = id;
    for (int i = 0; i < values.length; i++) {
      row[i + 1] = values[i] == Snapshot.ABSENT ? "\0absent" : values[i];
    }
    if (users.put(id.toString(), row) != null) {
      throw new DuplicateUserException(id);
    }
  }

  /** Users added so far. */
  public int users() {
    return users.size();
  }

  /**
   * The snapshot's bytes. The encoder cannot be used afterwards.
   *
   * @throws DuplicateUserException if two users have the same id
   */
  public byte[] encode(long revision, Instant publishedAt) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Object[] {revision, publishedAt, new ArrayList<>(fields), users});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
