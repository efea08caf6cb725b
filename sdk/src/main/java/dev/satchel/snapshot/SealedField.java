package dev.satchel.snapshot;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A field of a snapshot that is kept as it is stored until somebody asks for it. */
final class SealedField {
  private final Snapshot snapshot;
  private final int number;
  private final String name;
  private final String codec;
  private final int storedBytes;
  private final ByteReader descriptor;
  private final String digest;
  private byte @Nullable [] stored;
  private byte @Nullable [] table;
  private boolean opening;
  private long openedBytes;
  private volatile @Nullable Field field;

  SealedField(
      Snapshot snapshot, int number, Snapshot.Contents contents, byte[] stored, byte[] table) {
    this.snapshot = snapshot;
    this.number = number;
    this.name = contents.name();
    this.codec = contents.codec();
    this.descriptor = contents.descriptor().copy();
    this.storedBytes = stored.length + descriptor.remaining();
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
            "expected fields that do not depend on each other in a circle but found " + name);
      }
      opening = true;
      try {
        byte[] frameTable = Objects.requireNonNull(table);
        int frames = frameTable.length / Frames.ENTRY_BYTES;
        Frames content =
            new Frames(Objects.requireNonNull(stored), 0, frameTable, 0, frames, "field " + name);
        Column column =
            new ColumnReader(content, "field " + name, this::other)
                .read(descriptor.copy(), snapshot.users());
        known = new Field(name, column);
        openedBytes = column.bytes();
        field = known;
        stored = null;
        table = null;
        return known;
      } finally {
        opening = false;
      }
    }
  }

  private @Nullable Column other(int other) {
    return other == number ? null : snapshot.columnOf(other);
  }

  /** Whether another field has the same values, as far as its stored bytes alone can show. */
  boolean isStoredAs(SealedField other) {
    return digest.equals(other.digest) && !SectionDigest.mayDependOnOthers(descriptor);
  }

  Section section() {
    opened();
    return new Section(name, codec, storedBytes, openedBytes);
  }
}
