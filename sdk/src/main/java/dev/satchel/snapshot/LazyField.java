package dev.satchel.snapshot;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A field of a snapshot that is kept as it is stored until it is first asked for. */
final class LazyField {
  /** The longest chain of fields in which each one's texts start with the next one's. */
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

  /**
   * Opens the field under one lock for all fields of a snapshot, since opening one can ask for
   * another.
   */
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
    // counted on the way down as well, so that an endless chain is not followed
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

  /** Returns how many bytes are kept in memory: the stored ones, or those of the open field. */
  long heldBytes() {
    synchronized (snapshot) {
      Field known = field;
      return known != null
          ? known.column().bytes()
          : Objects.requireNonNull(stored).length + (long) Objects.requireNonNull(table).length;
    }
  }

  /**
   * Returns whether another field has the same values, as far as the stored bytes alone can show.
   */
  boolean isStoredAs(LazyField other) {
    return digest.equals(other.digest) && !SectionDigest.mayDependOnOthers(descriptor);
  }

  Section section() {
    return section;
  }
}
