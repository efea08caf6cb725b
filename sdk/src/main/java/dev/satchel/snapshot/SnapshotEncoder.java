package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Packs users into one snapshot. Confined to one thread at a time. The same users give the same
 * bytes, whatever the order in which they are added, and on however many threads {@link #encode}
 * then works: the caller's and those of the common pool.
 *
 * <p>Memory for each user: 16 bytes for the id, one or two for each field with few distinct values,
 * and the value's length plus about six for each other field. While ids are sorted, up to 24 more.
 */
public final class SnapshotEncoder {
  /** The most UTF-8 bytes of a user id, the same as of a KV key. */
  public static final int MAX_ID_BYTES = 512;

  private static final int[] NO_NUMBERS = {};

  private final List<String> fields;
  private final List<ValueBuffer> values = new ArrayList<>();
  private final LongList high = new LongList();
  private final LongList low = new LongList();
  private final BytePool texts = new BytePool();
  private final ByteWriter writer = new ByteWriter();
  private @Nullable Class<?> idClass;
  private int users;

  /**
   * Makes an empty encoder for users with these fields.
   *
   * @throws IllegalArgumentException if two fields have the same name, or there are more than 4,096
   */
  public SnapshotEncoder(List<String> fields) {
    this.fields = List.copyOf(fields);
    if (fields.size() > SnapshotLayout.MAX_FIELDS) {
      throw new IllegalArgumentException(
          "expected at most " + SnapshotLayout.MAX_FIELDS + " fields but found " + fields.size());
    }
    for (String field : this.fields) {
      PlainValue.sound(field);
      values.add(new ValueBuffer());
    }
    if (new HashSet<>(this.fields).size() != this.fields.size()) {
      throw new IllegalArgumentException("expected fields of different names but found " + fields);
    }
  }

  /**
   * Adds one user.
   *
   * @param id a {@link UUID}, {@link Long} or {@link String} of at most {@link #MAX_ID_BYTES}; of
   *     the same class for every user
   * @param fieldValues a value for each field: null, {@link Boolean}, {@link Long}, finite {@link
   *     Double}, {@link BigDecimal}, {@link String}, a {@link List} or a {@link java.util.Map} by
   *     strings of such values, or {@link Snapshot#ABSENT}; copied, not kept
   * @throws IllegalArgumentException if the id or a value is none of these; the message names the
   *     field
   */
  public void add(Object id, @Nullable Object[] fieldValues) {
    add(id, fieldValues, NO_NUMBERS);
  }

  /**
   * Adds one user, some of whose values were added before and need not be looked at again.
   *
   * @param id as above
   * @param fieldValues as above
   * @param numbers for each value a number below 2^16 that only equal values of the same field
   *     have, or -1 for a value without a number
   * @throws IllegalArgumentException as above
   */
  public void add(Object id, @Nullable Object[] fieldValues, int[] numbers) {
    if (fieldValues.length != values.size()) {
      throw new IllegalArgumentException(
          "expected " + values.size() + " values but found " + fieldValues.length);
    }
    addId(id);
    for (int i = 0; i < fieldValues.length; i++) {
      try {
        values.get(i).add(fieldValues[i], numbers == NO_NUMBERS ? -1 : numbers[i]);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("field " + fields.get(i) + ": " + e.getMessage(), e);
      }
    }
  }

  private void addId(Object id) {
    if (idClass != null && idClass != id.getClass()) {
      throw new IllegalArgumentException(
          "expected every user id to be a " + idClass.getSimpleName() + " but found " + id);
    }
    if (id instanceof UUID uuid) {
      high.add(uuid.getMostSignificantBits());
      low.add(uuid.getLeastSignificantBits());
    } else if (id instanceof Long number) {
      low.add(number);
    } else if (id instanceof String text) {
      writer.clear();
      writer.text(PlainValue.sound(text));
      if (writer.length() - 2 > MAX_ID_BYTES) {
        throw new IllegalArgumentException(
            "expected a user id of at most %d UTF-8 bytes but found %d"
                .formatted(MAX_ID_BYTES, writer.length() - 2));
      }
      texts.add(writer);
    } else {
      throw new IllegalArgumentException(
          "expected a user id that is a UUID, Long or String but found a "
              + id.getClass().getSimpleName());
    }
    idClass = id.getClass();
    users++;
  }

  /** Returns how many users were added so far. */
  public int users() {
    return users;
  }

  /**
   * Returns the snapshot's bytes. Do not use the encoder afterwards.
   *
   * @param revision a positive number
   * @param publishedAt kept to the millisecond
   * @throws DuplicateUserException if two users have the same id
   */
  public byte[] encode(long revision, Instant publishedAt) {
    if (revision < 1) {
      throw new IllegalArgumentException("expected a positive revision but found " + revision);
    }
    WrittenIds ids = ids();
    int[] order = ids.order();
    ForkJoinTask<FrameWriter> idFrames = ForkJoinTask.adapt(ids.frames()).fork();
    List<Rows> rows = values.stream().map(buffer -> buffer.rows(order)).toList();
    List<WrittenField> written =
        IntStream.range(0, rows.size())
            .parallel()
            .mapToObj(i -> write(rows.get(i), shorter(i, rows)))
            .collect(Collectors.toCollection(ArrayList::new));
    shortenChains(written, rows);
    return assemble(
        revision, publishedAt.toEpochMilli(), ids.descriptor(), idFrames.join(), written);
  }

  private WrittenField write(Rows rows, List<@Nullable Rows> others) {
    FrameWriter frames = new FrameWriter();
    ColumnWriter column =
        new ColumnWriter(frames, others, SnapshotLayout.objectBytes(fields.size()));
    return new WrittenField(frames, column.write(rows), column.prefixes());
  }

  /** Writes a field anew if it ends a chain that is too long for readers. */
  private void shortenChains(List<WrittenField> written, List<Rows> rows) {
    int[] links = new int[written.size()];
    List<Integer> shortestFirst = new ArrayList<>();
    for (int i = 0; i < links.length; i++) {
      shortestFirst.add(i);
    }
    shortestFirst.sort(Comparator.comparingLong(i -> values.get(i).bytes()));
    for (int field : shortestFirst) {
      for (int prefix : written.get(field).prefixes) {
        links[field] = Math.max(links[field], links[prefix] + 1);
      }
      if (links[field] > LazyField.MAX_LINKS) {
        written.set(field, write(rows.get(field), List.of()));
        links[field] = 0;
      }
    }
  }

  /** Returns the fields with shorter texts, since only these can be the start of longer ones. */
  private List<@Nullable Rows> shorter(int field, List<Rows> rows) {
    List<@Nullable Rows> shorter = new ArrayList<>();
    long bytes = values.get(field).bytes();
    for (int i = 0; i < rows.size(); i++) {
      boolean offered = values.get(i).isVaried() && values.get(i).bytes() < bytes;
      shorter.add(offered ? rows.get(i) : null);
    }
    return shorter;
  }

  private record WrittenField(FrameWriter frames, ByteWriter descriptor, Set<Integer> prefixes) {}

  private WrittenIds ids() {
    if (idClass == String.class) {
      return IdWriter.texts(texts.size(), i -> texts.reader(i).text("a user id"));
    }
    return idClass == Long.class ? IdWriter.integers(low) : IdWriter.uuids(high, low);
  }

  private byte[] assemble(
      long revision,
      long publishedAtMillis,
      ByteWriter idDescriptor,
      FrameWriter idFrames,
      List<WrittenField> written) {
    FrameWriter all = new FrameWriter();
    all.append(idFrames);
    ByteWriter sections = new ByteWriter();
    section(sections, Snapshot.USER_IDS, idFrames, idDescriptor);
    sections.varint(written.size());
    for (int i = 0; i < written.size(); i++) {
      section(sections, fields.get(i), written.get(i).frames, written.get(i).descriptor);
      all.append(written.get(i).frames);
    }
    ByteWriter catalog = new ByteWriter();
    catalog.u32(users());
    catalog.u32(all.frames());
    all.writeEntries(catalog, 0);
    catalog.bytes(sections.toByteArray());
    all.writeChecksums(catalog);
    return join(header(revision, publishedAtMillis, catalog.toByteArray()), all);
  }

  private static void section(
      ByteWriter out, String name, FrameWriter frames, ByteWriter descriptor) {
    out.text(name);
    out.varint(frames.frames());
    out.varint(descriptor.length());
    out.bytes(descriptor.toByteArray());
  }

  private static byte[] header(long revision, long publishedAtMillis, byte[] catalog) {
    byte[] header = new byte[SnapshotLayout.CATALOG_AT + catalog.length];
    if (header.length > SnapshotLayout.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "expected a header of at most %d bytes but found %d"
              .formatted(SnapshotLayout.MAX_HEADER_BYTES, header.length));
    }
    LittleEndian.putInt(header, SnapshotLayout.SKIPPABLE_AT, SnapshotLayout.SKIPPABLE_FRAME);
    LittleEndian.putInt(
        header, SnapshotLayout.HEADER_LENGTH_AT, header.length - SnapshotLayout.MAGIC_AT);
    LittleEndian.putLong(header, SnapshotLayout.MAGIC_AT, SnapshotLayout.MAGIC);
    header[SnapshotLayout.MAJOR_AT] = SnapshotLayout.MAJOR;
    header[SnapshotLayout.MINOR_AT] = SnapshotLayout.MINOR;
    LittleEndian.putLong(header, SnapshotLayout.REVISION_AT, revision);
    LittleEndian.putLong(header, SnapshotLayout.PUBLISHED_AT_AT, publishedAtMillis);
    System.arraycopy(catalog, 0, header, SnapshotLayout.CATALOG_AT, catalog.length);
    SnapshotLayout.writeDigests(header, header.length);
    return header;
  }

  private static byte[] join(byte[] header, FrameWriter frames) {
    long bytes = header.length + frames.storedBytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("expected a snapshot below 2 GiB but found " + bytes);
    }
    byte[] value = Arrays.copyOf(header, (int) bytes);
    int at = header.length;
    for (int frame = 0; frame < frames.frames(); frame++) {
      byte[] stored = frames.stored(frame);
      System.arraycopy(stored, 0, value, at, stored.length);
      at += stored.length;
    }
    return value;
  }
}
