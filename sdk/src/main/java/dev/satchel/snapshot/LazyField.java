package dev.satchel.snapshot;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A field of a snapshot that is kept as it is stored until somebody asks for it. */
final class LazyField {
  /** Fields in a chain of which each has texts that start with the next one's. */
  static final int MAX_LINKS = 8;

  private final Snapshot snapshot;
  private final int number;
  private final Section section;
  private final ByteReader descriptor;
  private final String digest;
  private byte @Nullable [] stored;
  private byte @Nullable [] table;
  private boolean isChecked;
  private boolean opening;
  private int links;
  private volatile @Nullable Field field;

  LazyField(
      Snapshot snapshot, int number, Snapshot.Contents contents, byte[] stored, byte[] table) {
    this.snapshot = snapshot;
    this.number = number;
    this.descriptor = contents.descriptor().copy();
    this.section = contents.section(stored.length, table);
    this.digest = SectionDigest.of(descriptor, table, 0, table.length);
    this.stored = stored;
    this.table = table;
  }

  Field opened() {
    Field known = field;
    return known != null ? known : open();
  }

  /** One lock for all fields of a snapshot, since opening one can ask for another. */
  private Field open() {
    synchronized (snapshot) {
      Field known = field;
      if (known != null) {
        return known;
      }
      if (opening) {
        throw new SnapshotFormatException(
            "expected fields that do not depend on each other in a circle but found "
                + section.name());
      }
      opening = true;
      try {
        String place = "field " + section.name();
        byte[] frameTable = Objects.requireNonNull(table);
        int frames = frameTable.length / Frames.ENTRY_BYTES;
        Frames content =
            new Frames(Objects.requireNonNull(stored), 0, frameTable, 0, frames, place);
        if (isChecked) {
          content.areChecked();
        }
        int objectBytes = SnapshotLayout.objectBytes(snapshot.fieldNames().size());
        Column column =
            new ColumnReader(content, place, this::other, objectBytes)
                .read(descriptor.copy(), snapshot.users());
        known = new Field(section.name(), column);
        field = known;
        stored = null;
        table = null;
        return known;
      } finally {
        opening = false;
      }
    }
  }

  /** Checks what is stored, if the field is not open. */
  void checkStored() {
    byte[] bytes;
    byte[] frameTable;
    synchronized (snapshot) {
      bytes = stored;
      frameTable = table;
    }
    if (bytes != null && frameTable != null) {
      int frames = frameTable.length / Frames.ENTRY_BYTES;
      new Frames(bytes, 0, frameTable, 0, frames, "field " + section.name()).check();
      synchronized (snapshot) {
        isChecked = true;
      }
    }
  }

  private @Nullable Column other(int otherNumber) {
    LazyField other = snapshot.lazyField(otherNumber);
    if (other == null || otherNumber == number) {
      return null;
    }
    // counted downwards as well, so that a chain of any length is not followed to its end
    if (!snapshot.follow(1)) {
      throw tooManyLinks();
    }
    try {
      Column column = other.opened().column();
      links = Math.max(links, other.links + 1);
      if (links > MAX_LINKS) {
        throw tooManyLinks();
      }
      return column;
    } finally {
      snapshot.follow(-1);
    }
  }

  private SnapshotFormatException tooManyLinks() {
    return new SnapshotFormatException(
        "expected at most "
            + MAX_LINKS
            + " fields in a chain but found more from field "
            + section.name());
  }

  boolean isOpen() {
    return field != null;
  }

  /** Bytes that are kept in memory: what is stored, or what came of it. */
  long heldBytes() {
    synchronized (snapshot) {
      Field known = field;
      return known != null
          ? known.column().bytes()
          : Objects.requireNonNull(stored).length + (long) Objects.requireNonNull(table).length;
    }
  }

  /** Whether another field has the same values, as far as its stored bytes alone can show. */
  boolean isStoredAs(LazyField other) {
    return digest.equals(other.digest) && !SectionDigest.mayDependOnOthers(descriptor);
  }

  Section section() {
    return section;
  }
}
