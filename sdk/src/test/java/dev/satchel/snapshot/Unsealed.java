package dev.satchel.snapshot;

import com.github.luben.zstd.Zstd;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot without its digests and its compression: what a test changes to get behind both. Bytes
 * of frames are kept in runs of at most a frame.
 */
record Unsealed(int users, List<Part> parts) {
  static final int SEALED_LEVEL = 1;

  /** One section: the first is the user ids'. */
  static final class Part {
    private final String name;
    private final byte[] descriptor;
    private final List<byte[]> contents;

    Part(String name, byte[] descriptor, List<byte[]> contents) {
      this.name = name;
      this.descriptor = descriptor;
      this.contents = contents;
    }

    String name() {
      return name;
    }

    byte[] descriptor() {
      return descriptor;
    }

    List<byte[]> contents() {
      return contents;
    }

    Part with(byte[] otherDescriptor) {
      return new Part(name, otherDescriptor, contents);
    }
  }

  /** Takes a sound snapshot apart. */
  static Unsealed of(byte[] value) {
    int headerEnd =
        LittleEndian.getInt(value, SnapshotLayout.HEADER_LENGTH_AT) + SnapshotLayout.MAGIC_AT;
    ByteReader catalog = new ByteReader(value, SnapshotLayout.CATALOG_AT, headerEnd, "a header");
    int users = catalog.u32("users");
    int frames = catalog.u32("frames");
    byte[] table = catalog.bytes(frames * Frames.ENTRY_BYTES, "the table");
    List<Part> parts = new ArrayList<>();
    int frame = 0;
    int at = headerEnd;
    int fields = 0;
    for (int section = 0; section <= fields; section++) {
      String name = catalog.text("a name");
      int end = frame + (int) catalog.varint("frames");
      byte[] descriptor = catalog.bytes(catalog.length("a length"), "a descriptor");
      List<byte[]> contents = new ArrayList<>();
      for (; frame < end; frame++) {
        byte[] opened = new byte[Frames.openedBytes(table, frame)];
        int stored = Frames.storedBytes(table, frame);
        Zstd.decompressByteArray(opened, 0, opened.length, value, at, stored);
        contents.add(opened);
        at += stored;
      }
      parts.add(new Part(name, descriptor, contents));
      if (section == 0) {
        fields = (int) catalog.varint("fields");
      }
    }
    return new Unsealed(users, parts);
  }

  /** The same with another section at one place. */
  Unsealed with(int place, Part part) {
    List<Part> changed = new ArrayList<>(parts);
    changed.set(place, part);
    return new Unsealed(users, changed);
  }

  Unsealed plus(Part part) {
    List<Part> changed = new ArrayList<>(parts);
    changed.add(part);
    return new Unsealed(users, changed);
  }

  /** A snapshot whose digests are right, whatever it says. */
  byte[] seal() {
    return seal(parts.size() - 1L, new byte[0]);
  }

  /** The same with something behind the last section. */
  byte[] seal(byte[] trailer) {
    return seal(parts.size() - 1L, trailer);
  }

  /** The same with another number of fields than there are. */
  byte[] sealedWithFieldCount(long fields) {
    return seal(fields, new byte[0]);
  }

  private byte[] seal(long fields, byte[] trailer) {
    FrameWriter frames = new FrameWriter();
    ByteWriter sections = new ByteWriter();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      sections.text(part.name());
      sections.varint(part.contents().size());
      sections.varint(part.descriptor().length);
      sections.bytes(part.descriptor());
      if (i == 0) {
        sections.varint(fields);
      }
      for (byte[] content : part.contents()) {
        frames.write(content, SEALED_LEVEL);
      }
    }
    ByteWriter catalog = new ByteWriter();
    catalog.u32(users);
    catalog.u32(frames.frames());
    frames.writeEntries(catalog, 0);
    catalog.bytes(sections.toByteArray());
    frames.writeChecksums(catalog);
    catalog.bytes(trailer);
    ByteWriter value = new ByteWriter();
    value.u32(SnapshotLayout.SKIPPABLE_FRAME);
    value.u32(SnapshotLayout.CATALOG_AT + catalog.length() - SnapshotLayout.MAGIC_AT);
    value.i64(SnapshotLayout.MAGIC);
    value.u8(SnapshotLayout.MAJOR);
    value.u8(SnapshotLayout.MINOR);
    value.bytes(new byte[2 + SnapshotLayout.DIGEST_BYTES]);
    value.i64(1); // revision
    value.i64(0); // published at
    value.bytes(new byte[SnapshotLayout.DIGEST_BYTES]);
    value.bytes(catalog.toByteArray());
    int headerEnd = value.length();
    for (int frame = 0; frame < frames.frames(); frame++) {
      value.bytes(frames.stored(frame));
    }
    byte[] bytes = value.toByteArray();
    resealHeader(bytes, headerEnd);
    return bytes;
  }

  /** Makes the digests of a header right again that ends at this place. */
  static void resealHeader(byte[] value, int headerEnd) {
    byte[] hash = SnapshotLayout.sha256(value, SnapshotLayout.CATALOG_AT, headerEnd);
    System.arraycopy(hash, 0, value, SnapshotLayout.CONTENT_HASH_AT, hash.length);
    byte[] digest = SnapshotLayout.sha256(value, SnapshotLayout.REVISION_AT, headerEnd);
    System.arraycopy(digest, 0, value, SnapshotLayout.DIGEST_AT, digest.length);
  }

  /** As bytes that a fuzzer may change: no digest, no compression, every length a varint. */
  byte[] toBytes() {
    ByteWriter out = new ByteWriter();
    out.u32(users);
    for (Part part : parts) {
      out.text(part.name());
      out.varint(part.descriptor().length);
      out.bytes(part.descriptor());
      out.varint(part.contents().size());
      for (byte[] content : part.contents()) {
        out.varint(content.length);
        out.bytes(content);
      }
    }
    return out.toByteArray();
  }

  /**
   * The other way.
   *
   * @throws SnapshotFormatException if the bytes are no such form
   */
  static Unsealed fromBytes(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, bytes.length, "an unsealed snapshot");
    int users = in.u32("users");
    List<Part> parts = new ArrayList<>();
    do {
      String name = in.text("a name");
      byte[] descriptor = in.bytes(in.length("a length"), "a descriptor");
      int count = in.length("a count of contents");
      List<byte[]> contents = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] content = in.bytes(in.length("a length"), "a content");
        if (content.length == 0 || content.length > SnapshotLayout.FRAME_BYTES) {
          throw in.bad("a content of a frame", content.length);
        }
        contents.add(content);
      }
      parts.add(new Part(name, descriptor, contents));
    } while (in.remaining() > 0);
    return new Unsealed(users, parts);
  }
}
