package dev.satchel.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Every user's fields at one revision, searchable by user id. Immutable, except that fields are
 * opened when they are first asked for. Safe for any thread.
 */
public final class Snapshot {
  /** Stands for the value of a user that lacks the field; not the same as null. */
  public static final Object ABSENT =
      new Object() {
        @Override
        public String toString() {
          return "ABSENT";
        }
      };

  /** The result of {@link #find} for a user that is not in the snapshot. */
  public static final int NO_USER = -1;

  /** The name of the only section that is no field. */
  static final String USER_IDS = "user ids";

  private final long revision;
  private final Instant publishedAt;
  private final String contentHash;
  private final @Nullable String signedBy;
  private final int users;
  private final int bytes;
  private final UserIds ids;
  private final Section idSection;
  private final String idDigest;
  private final List<String> fieldNames = new ArrayList<>();
  private final Map<String, Integer> fieldNumbers = new HashMap<>();
  private final List<LazyField> fields = new ArrayList<>();

  /** How many fields are being opened because another field asked for them; guarded by this. */
  private int followed;

  private Snapshot(byte[] value) {
    int headerEnd = checkHeader(value);
    bytes = value.length;
    revision = revision(value);
    publishedAt = publishedAt(value);
    int catalogEnd = SnapshotSignature.catalogEnd(value, headerEnd);
    signedBy = SnapshotSignature.of(value).map(SnapshotSignature::keyId).orElse(null);
    contentHash =
        HexFormat.of()
            .formatHex(
                catalogEnd == headerEnd
                    ? Arrays.copyOfRange(
                        value, SnapshotLayout.CONTENT_HASH_AT, SnapshotLayout.CATALOG_AT)
                    : SnapshotLayout.sha256(value, SnapshotLayout.CATALOG_AT, catalogEnd));
    ByteReader catalog = new ByteReader(value, SnapshotLayout.CATALOG_AT, catalogEnd, "the header");
    users = catalog.count("users", Integer.MAX_VALUE - 8);
    int frameCount = catalog.count("frames", catalog.remaining() / Frames.ENTRY_BYTES);
    byte[] table = catalog.bytes(frameCount * Frames.ENTRY_BYTES, "the frame table");
    int[] starts = frameStarts(table, frameCount, headerEnd, value.length);

    Contents idContents = contents(catalog, 0, frameCount);
    Frames idFrames = new Frames(value, headerEnd, table, 0, idContents.frameEnd, idContents.name);
    idDigest =
        SectionDigest.of(idContents.descriptor, table, 0, idContents.frameEnd * Frames.ENTRY_BYTES);
    ids = new IdReader(idFrames, users).read(idContents.descriptor);
    idSection =
        idContents.section(
            starts[idContents.frameEnd] - headerEnd,
            Arrays.copyOf(table, idContents.frameEnd * Frames.ENTRY_BYTES));

    int fieldCount = catalog.varintCount("fields", SnapshotLayout.MAX_FIELDS);
    int frame = idContents.frameEnd;
    for (int i = 0; i < fieldCount; i++) {
      Contents field = contents(catalog, frame, frameCount);
      if (fieldNumbers.put(field.name, i) != null) {
        throw catalog.bad("fields of different names", field.name);
      }
      fieldNames.add(field.name);
      fields.add(
          new LazyField(
              this,
              i,
              field,
              Arrays.copyOfRange(value, starts[frame], starts[field.frameEnd]),
              Arrays.copyOfRange(
                  table, frame * Frames.ENTRY_BYTES, field.frameEnd * Frames.ENTRY_BYTES)));
      frame = field.frameEnd;
    }
    if ((value[SnapshotLayout.MINOR_AT] & 0xFF) <= SnapshotLayout.MINOR) {
      catalog.end();
      if (frame != frameCount) {
        throw catalog.bad("sections of " + frameCount + " frames in all", frame);
      }
    }
  }

  /** One section of the catalog. */
  record Contents(
      String name, String codec, int frameEnd, ByteReader descriptor, int descriptorBytes) {

    /** Returns the sizes of the section, whose frames have this many bytes and this table. */
    Section section(int storedBytes, byte[] table) {
      long opened = 0;
      for (int i = 0; i < table.length / Frames.ENTRY_BYTES; i++) {
        opened += Frames.openedBytes(table, i);
      }
      long valueBytes = (long) storedBytes + table.length + descriptorBytes;
      return new Section(name, codec, valueBytes, opened);
    }
  }

  /** Reads the revision of a value whose header has been checked. */
  static long revision(byte[] value) {
    long revision = LittleEndian.getLong(value, SnapshotLayout.REVISION_AT);
    if (revision < 1) {
      throw bad("a positive revision", revision, SnapshotLayout.REVISION_AT);
    }
    return revision;
  }

  /** Reads the time of a value whose header has been checked. */
  static Instant publishedAt(byte[] value) {
    return Instant.ofEpochMilli(LittleEndian.getLong(value, SnapshotLayout.PUBLISHED_AT_AT));
  }

  static Contents contents(ByteReader catalog, int frame, int frameCount) {
    String name = catalog.text("a section's name");
    long frames = catalog.varint("a section's frames");
    if (frames < 0 || frames > frameCount - frame) {
      throw catalog.bad("at most " + (frameCount - frame) + " frames", frames);
    }
    int length = catalog.length("a descriptor's length");
    if (length > SnapshotLayout.MAX_DESCRIPTOR_BYTES) {
      throw catalog.bad(
          "a descriptor of at most " + SnapshotLayout.MAX_DESCRIPTOR_BYTES + " bytes", length);
    }
    ByteReader descriptor = catalog.part(length, "the descriptor of " + name);
    return new Contents(name, descriptor.peekText(), frame + (int) frames, descriptor, length);
  }

  /**
   * Returns where each frame starts in the value, and where the last one ends, which is the end of
   * the value.
   */
  private static int[] frameStarts(byte[] table, int count, int from, int valueBytes) {
    int[] starts = new int[count + 1];
    starts[0] = from;
    long opened = 0;
    for (int i = 0; i < count; i++) {
      int stored = Frames.storedBytes(table, i);
      int open = Frames.openedBytes(table, i);
      opened += open & 0xFFFFFFFFL;
      if (stored < 0
          || stored > valueBytes - starts[i]
          || open < 0
          || open > SnapshotLayout.FRAME_BYTES
          || opened > SnapshotLayout.MAX_OPENED_BYTES) {
        throw new SnapshotFormatException(
            "expected a frame of at most %d bytes that opens to at most %d but found %d and %d in frame %d"
                .formatted(valueBytes - starts[i], SnapshotLayout.FRAME_BYTES, stored, open, i));
      }
      starts[i + 1] = starts[i] + stored;
    }
    if (starts[count] != valueBytes) {
      throw bad("the end of the last frame at " + starts[count], valueBytes, starts[count]);
    }
    return starts;
  }

  /** Checks the header except for the catalog, and returns where it ends. */
  static int checkHeader(byte[] value) {
    if (value.length < SnapshotLayout.CATALOG_AT) {
      throw bad("at least " + SnapshotLayout.CATALOG_AT + " bytes", value.length, value.length);
    }
    if (LittleEndian.getInt(value, SnapshotLayout.SKIPPABLE_AT) != SnapshotLayout.SKIPPABLE_FRAME
        || LittleEndian.getLong(value, SnapshotLayout.MAGIC_AT) != SnapshotLayout.MAGIC) {
      throw bad("the magic of a snapshot", "other bytes", SnapshotLayout.MAGIC_AT);
    }
    int major = value[SnapshotLayout.MAJOR_AT] & 0xFF;
    if (major != SnapshotLayout.MAJOR) {
      throw bad("major version " + SnapshotLayout.MAJOR, major, SnapshotLayout.MAJOR_AT);
    }
    int length = LittleEndian.getInt(value, SnapshotLayout.HEADER_LENGTH_AT);
    int end = length + SnapshotLayout.MAGIC_AT;
    if (length < 0
        || end < SnapshotLayout.CATALOG_AT
        || end > Math.min(value.length, SnapshotLayout.MAX_HEADER_BYTES)) {
      throw bad(
          "a header that ends between byte %d and %d"
              .formatted(
                  SnapshotLayout.CATALOG_AT,
                  Math.min(value.length, SnapshotLayout.MAX_HEADER_BYTES)),
          end,
          SnapshotLayout.HEADER_LENGTH_AT);
    }
    checkDigest(value, SnapshotLayout.REVISION_AT, end, SnapshotLayout.DIGEST_AT);
    checkDigest(value, SnapshotLayout.CATALOG_AT, end, SnapshotLayout.CONTENT_HASH_AT);
    return end;
  }

  private static void checkDigest(byte[] value, int from, int to, int digestAt) {
    byte[] digest = SnapshotLayout.sha256(value, from, to);
    if (!Arrays.equals(digest, 0, digest.length, value, digestAt, digestAt + digest.length)) {
      throw bad("the SHA-256 of bytes " + from + " to " + to, "another", digestAt);
    }
  }

  private static SnapshotFormatException bad(String expected, Object found, int at) {
    return new SnapshotFormatException("the header", at, expected, found);
  }

  /**
   * Opens a snapshot: checks the header and the user ids, and keeps each field as it is stored
   * until it is asked for. The array is not kept; it must not change during the call.
   *
   * <p>Cost: hashing and decompressing the user ids, on two or more threads of the common pool if
   * it has them; there is no work for each user. Memory: less than 1 MiB in addition to what is
   * kept.
   *
   * @throws SnapshotFormatException if the bytes are not a sound snapshot
   */
  public static Snapshot open(byte[] value) {
    return new Snapshot(value);
  }

  /** Returns the revision: a positive number that grows from snapshot to snapshot. */
  public long revision() {
    return revision;
  }

  /** Returns when the publisher made the snapshot, to the millisecond. */
  public Instant publishedAt() {
    return publishedAt;
  }

  /** Returns the SHA-256 of the content without revision and time, as 64 hex digits. */
  public String contentHash() {
    return contentHash;
  }

  /**
   * Returns the id of the key that the snapshot claims to be signed with, or null if it is not
   * signed. The claim is not checked here: {@link SnapshotSignature#isBy} does that.
   */
  public @Nullable String signedBy() {
    return signedBy;
  }

  /** Returns the format's major version. */
  public int formatVersion() {
    return SnapshotLayout.MAJOR;
  }

  /** Returns how many bytes the snapshot was opened from. */
  public int bytes() {
    return bytes;
  }

  /** Returns how many users there are; their numbers start with 0. */
  public int users() {
    return users;
  }

  /** Returns the names of all fields, in the order of the query. */
  public List<String> fieldNames() {
    return Collections.unmodifiableList(fieldNames);
  }

  /**
   * Returns the field with this name, or null if the snapshot has none. The first call for a field
   * opens it, which takes as long as decompressing it; later calls return the same object.
   *
   * @throws SnapshotFormatException if the stored field is not sound or has a codec that this
   *     reader does not know. No other field is affected, and no method of a returned field throws
   */
  public @Nullable Field field(String name) {
    Integer number = fieldNumbers.get(name);
    return number == null ? null : fields.get(number).opened();
  }

  @Nullable LazyField lazyField(int number) {
    return number < fields.size() ? fields.get(number) : null;
  }

  /**
   * Goes a step along a chain of fields; returns false if it is too long. Needs the lock of this
   * snapshot.
   */
  boolean follow(int step) {
    if (followed + step > LazyField.MAX_LINKS) {
      return false;
    }
    followed += step;
    return true;
  }

  /**
   * Returns how many bytes are kept in memory: user ids, open fields, and the other fields as
   * stored.
   */
  long heldBytes() {
    return ids.bytes() + fields.stream().mapToLong(LazyField::heldBytes).sum();
  }

  /**
   * Checks the fields that are not open against the digests of the header, on the common pool.
   * Opening a field does the same, unless this was called; call it to find damage before that.
   * Costs a SHA-256 of what is stored.
   *
   * @throws SnapshotFormatException if a field's bytes are not what the header says
   */
  public void checkStoredFields() {
    fields.parallelStream().forEach(LazyField::checkStored);
  }

  /** Returns whether this field is open. */
  boolean isOpen(String name) {
    Integer number = fieldNumbers.get(name);
    return number != null && fields.get(number).isOpen();
  }

  /** Returns an upper bound of the user ids in a bucket, and so of the comparisons in a lookup. */
  int longestBucket() {
    return ids.longestBucket();
  }

  UserIds ids() {
    return ids;
  }

  /** Returns whether the same users have the same numbers, as far as the stored bytes can show. */
  boolean hasSameIdsAs(Snapshot other) {
    return users == other.users && idDigest.equals(other.idDigest);
  }

  /**
   * Returns whether users of the same number have the same value, as far as the stored bytes can
   * show.
   */
  boolean hasSameFieldAs(Snapshot other, String name) {
    Integer number = fieldNumbers.get(name);
    Integer otherNumber = other.fieldNumbers.get(name);
    return number != null
        && otherNumber != null
        && fields.get(number).isStoredAs(other.fields.get(otherNumber));
  }

  /**
   * Returns the number of the user with this UUID, or {@link #NO_USER}. Also finds text ids that
   * spell it.
   */
  public int find(UUID id) {
    return ids.find(id);
  }

  /**
   * Returns the number of the user with this integer, or {@link #NO_USER}. Also finds text ids that
   * spell it.
   */
  public int find(long id) {
    return ids.find(id);
  }

  /**
   * Returns the number of the user whose id has this text, whatever the id's type, or {@link
   * #NO_USER}. UUIDs are found in upper and lower case, integers only in their usual decimal
   * spelling.
   */
  public int find(String id) {
    return ids.find(id);
  }

  /**
   * Returns the id of the user with this number: a {@link UUID}, {@link Long} or {@link String}.
   */
  public Object id(int user) {
    return ids.id(Objects.checkIndex(user, users));
  }

  /**
   * Returns in how many bits the user ids differ from each other, 0 to 128, or -1 if they are texts
   * that stand for no number.
   */
  public int varyingIdBits() {
    return ids.varyingBits();
  }

  /**
   * Returns the size of each column, the user ids first and then the fields in order. Opens none.
   * The snapshot consists of all sections, their names, 108 bytes before the first, and a signature
   * if there is one.
   */
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(idSection);
    fields.forEach(field -> sections.add(field.section()));
    return sections;
  }
}
