package dev.satchel.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a snapshot says, checked in itself: nothing after the header is looked at.
 * Keeps a copy of the header. Immutable.
 */
final class Catalog {
  /** Says that the size of the value is what the header says it is. */
  private static final int ANY_SIZE = -1;

  /** The whole header, from the first byte of the value on. */
  final byte[] header;

  final int users;

  /** An entry for each frame. */
  final byte[] table;

  /** Where each frame starts in the value, and where the last one ends, which is its end. */
  final int[] starts;

  /** The user ids, and then each field. */
  final List<Contents> sections;

  /** The CRC-32C of what each frame opens to, or null in minor versions that have none. */
  final byte @Nullable [] checksums;

  private Catalog(byte[] value, int valueBytes) {
    int headerEnd = checkHeader(value);
    header = Arrays.copyOf(value, headerEnd);
    if (revision() < 1) {
      throw bad("a positive revision", revision(), SnapshotLayout.REVISION_AT);
    }
    ByteReader in =
        new ByteReader(
            header,
            SnapshotLayout.CATALOG_AT,
            SnapshotSignature.catalogEnd(header, headerEnd),
            "the header");
    users = in.count("users", Integer.MAX_VALUE - 8);
    int frameCount = in.count("frames", in.remaining() / Frames.ENTRY_BYTES);
    table = in.bytes(frameCount * Frames.ENTRY_BYTES, "the frame table");
    starts = frameStarts(table, frameCount, headerEnd, valueBytes);
    List<Contents> all = new ArrayList<>();
    all.add(contents(in, 0, frameCount));
    int fieldCount = in.varintCount("fields", SnapshotLayout.MAX_FIELDS);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < fieldCount; i++) {
      Contents field = contents(in, all.get(i).frameEnd, frameCount);
      if (!names.add(field.name)) {
        throw in.bad("fields of different names", field.name);
      }
      all.add(field);
    }
    sections = List.copyOf(all);
    int minor = header[SnapshotLayout.MINOR_AT] & 0xFF;
    checksums =
        minor < SnapshotLayout.MINOR_OF_CHECKSUMS
            ? null
            : in.bytes(frameCount * SnapshotLayout.CHECKSUM_BYTES, "checksums of opened frames");
    if (minor <= SnapshotLayout.MINOR) {
      in.end();
      int last = all.get(fieldCount).frameEnd;
      if (last != frameCount) {
        throw in.bad("sections of " + frameCount + " frames in all", last);
      }
    }
  }

  /** Reads the header of a whole value. */
  static Catalog of(byte[] value) {
    return new Catalog(value, value.length);
  }

  /** Reads a header alone. */
  static Catalog ofHeader(byte[] header) {
    Catalog catalog = new Catalog(header, ANY_SIZE);
    if (catalog.header.length != header.length) {
      throw bad("a header of " + catalog.header.length + " bytes", header.length, header.length);
    }
    return catalog;
  }

  long revision() {
    return LittleEndian.getLong(header, SnapshotLayout.REVISION_AT);
  }

  Instant publishedAt() {
    return Instant.ofEpochMilli(LittleEndian.getLong(header, SnapshotLayout.PUBLISHED_AT_AT));
  }

  /** Returns the SHA-256 of the catalog without a signature. */
  byte[] contentHash() {
    int end = SnapshotSignature.catalogEnd(header, header.length);
    return end == header.length
        ? Arrays.copyOfRange(header, SnapshotLayout.CONTENT_HASH_AT, SnapshotLayout.CATALOG_AT)
        : SnapshotLayout.sha256(header, SnapshotLayout.CATALOG_AT, end);
  }

  /** Returns what is signed of the catalog: all that equal content has in common. */
  byte[] content() {
    int end = SnapshotSignature.catalogEnd(header, header.length);
    return Arrays.copyOfRange(header, SnapshotLayout.CATALOG_AT, end);
  }

  /** Returns the size of the whole value. */
  int valueBytes() {
    return starts[starts.length - 1];
  }

  int frames() {
    return starts.length - 1;
  }

  /** Returns the first frame of a section. */
  int firstFrame(int section) {
    return section == 0 ? 0 : sections.get(section - 1).frameEnd;
  }

  /** Returns the entries of a section's frames. */
  byte[] table(int section) {
    return Arrays.copyOfRange(
        table,
        firstFrame(section) * Frames.ENTRY_BYTES,
        sections.get(section).frameEnd * Frames.ENTRY_BYTES);
  }

  int storedBytes(int section) {
    return starts[sections.get(section).frameEnd] - starts[firstFrame(section)];
  }

  /** Returns what to call a section in messages. */
  String place(int section) {
    String name = sections.get(section).name;
    return section == 0 ? name : "field " + name;
  }

  int openedBytes(int frame) {
    return Frames.openedBytes(table, frame);
  }

  /** Returns the number of the section with this name, or -1; only 0 is the user ids. */
  int section(String name) {
    for (int i = 1; i < sections.size(); i++) {
      if (sections.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Returns whether a section is stored in the same bytes as one of another catalog. */
  boolean isStoredAs(int section, Catalog other, int otherSection) {
    Contents contents = sections.get(section);
    Contents others = other.sections.get(otherSection);
    return contents.descriptor.hasSameRest(others.descriptor)
        && Arrays.equals(
            table,
            firstFrame(section) * Frames.ENTRY_BYTES,
            contents.frameEnd * Frames.ENTRY_BYTES,
            other.table,
            other.firstFrame(otherSection) * Frames.ENTRY_BYTES,
            others.frameEnd * Frames.ENTRY_BYTES);
  }

  Section describe(int section) {
    int more = checksums == null ? 0 : table(section).length / Frames.ENTRY_BYTES;
    return sections
        .get(section)
        .section(storedBytes(section) + more * SnapshotLayout.CHECKSUM_BYTES, table(section));
  }

  boolean hasChecksums() {
    return checksums != null;
  }

  /** Returns the CRC-32C of what a frame opens to, if the catalog has it. */
  int checksum(int frame) {
    return LittleEndian.getInt(
        Objects.requireNonNull(checksums), frame * SnapshotLayout.CHECKSUM_BYTES);
  }

  /** Returns whether these are the stored bytes of a frame. */
  boolean isStored(int frame, byte[] bytes) {
    int at = frame * Frames.ENTRY_BYTES + Frames.DIGEST_IN_ENTRY;
    return bytes.length == Frames.storedBytes(table, frame)
        && Arrays.equals(
            SnapshotLayout.sha256(bytes, 0, bytes.length),
            0,
            SnapshotLayout.DIGEST_BYTES,
            table,
            at,
            at + SnapshotLayout.DIGEST_BYTES);
  }

  /**
   * Checks the digests of all frames of a whole value but the user ids', on the common pool.
   *
   * @throws SnapshotFormatException if a frame is not what the header says
   */
  void checkFields(byte[] value) {
    IntStream.range(sections.get(0).frameEnd, frames())
        .parallel()
        .forEach(
            frame -> Frames.check(value, starts[frame], table, frame, place(sectionOf(frame))));
  }

  private int sectionOf(int frame) {
    int section = 0;
    while (section < sections.size() - 1 && sections.get(section).frameEnd <= frame) {
      section++;
    }
    return section;
  }

  String contentHashInHex() {
    return HexFormat.of().formatHex(contentHash());
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

  private static Contents contents(ByteReader catalog, int frame, int frameCount) {
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
    int room = valueBytes == ANY_SIZE ? Integer.MAX_VALUE - 8 : valueBytes;
    int[] starts = new int[count + 1];
    starts[0] = from;
    long opened = 0;
    for (int i = 0; i < count; i++) {
      int stored = Frames.storedBytes(table, i);
      int open = Frames.openedBytes(table, i);
      opened += open & 0xFFFFFFFFL;
      if (stored < 0
          || stored > room - starts[i]
          || open < 0
          || open > SnapshotLayout.FRAME_BYTES
          || opened > SnapshotLayout.MAX_OPENED_BYTES) {
        throw new SnapshotFormatException(
            "expected a frame of at most %d bytes that opens to at most %d but found %d and %d in frame %d"
                .formatted(room - starts[i], SnapshotLayout.FRAME_BYTES, stored, open, i));
      }
      starts[i + 1] = starts[i] + stored;
    }
    if (valueBytes != ANY_SIZE && starts[count] != valueBytes) {
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
}
