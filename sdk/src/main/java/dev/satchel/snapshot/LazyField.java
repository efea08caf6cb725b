package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A field of a snapshot that is kept as it is stored until it is first asked for. */
final class LazyField implements ColumnReader.OtherFields {
  /** The longest chain of fields in which each one's texts start with the next one's. */
  static final int MAX_LINKS = 8;

  /** The codec of columns that need another field. */
  private static final byte[] DEPENDENT = "prefixed".getBytes(StandardCharsets.UTF_8);

  private final Snapshot snapshot;
  private final int number;
  private final Section section;
  private final ByteReader descriptor;

  /** What is stored; null once the field, or what it is stored as, is open. */
  private byte @Nullable [] stored;

  /** What the section opened to; null until then. */
  private @Nullable List<Run> runs;

  /** Whether the digests of what is stored have been found right. */
  private boolean isProven;

  private boolean opening;
  private int links;
  private volatile @Nullable Field field;

  private LazyField(Snapshot snapshot, int section) {
    Catalog catalog = snapshot.catalog();
    this.snapshot = snapshot;
    this.number = section - 1;
    this.descriptor = catalog.sections.get(section).descriptor().copy();
    this.section = catalog.describe(section);
  }

  /**
   * Makes a field that is stored in these bytes.
   *
   * @param isProven whether their digests have been found right
   */
  static LazyField stored(Snapshot snapshot, int section, byte[] stored, boolean isProven) {
    LazyField field = new LazyField(snapshot, section);
    field.stored = stored;
    field.isProven = isProven;
    return field;
  }

  /** Makes a field whose section opens to these runs. */
  static LazyField of(Snapshot snapshot, int section, List<Run> runs) {
    LazyField field = new LazyField(snapshot, section);
    field.runs = runs;
    return field;
  }

  /** Makes a field in which every user has the value that another snapshot's field has. */
  static LazyField sameAs(Snapshot snapshot, int section, LazyField other) {
    LazyField field = new LazyField(snapshot, section);
    synchronized (other.snapshot) {
      field.stored = other.stored;
      field.runs = other.runs;
      field.isProven = other.isProven;
      field.field = other.dependsOnOthers() ? null : other.field;
    }
    return field;
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
        Frames content = frames();
        known = new Field(section.name(), read(content));
        field = known;
        runs = content.runs();
        stored = null;
        return known;
      } finally {
        opening = false;
      }
    }
  }

  private Column read(Frames content) {
    int objectBytes = SnapshotLayout.objectBytes(snapshot.fieldNames().size());
    return new ColumnReader(content, place(), this, objectBytes)
        .read(descriptor.copy(), snapshot.users());
  }

  private Frames frames() {
    List<Run> known = runs;
    if (known != null) {
      return new Frames(snapshot.catalog(), number + 1, known);
    }
    Frames content = new Frames(snapshot.catalog(), number + 1, Objects.requireNonNull(stored), 0);
    if (isProven) {
      content.areProven();
    }
    return content;
  }

  private String place() {
    return snapshot.catalog().place(number + 1);
  }

  /**
   * Returns what the section opens to. Does not open the field: what is stored is opened for this
   * call alone.
   */
  List<Run> runs() {
    synchronized (snapshot) {
      List<Run> known = runs;
      if (known != null) {
        return known;
      }
      Frames content = frames();
      read(content);
      return content.runs();
    }
  }

  /** Returns the bytes that are stored, or null if they are open. */
  byte @Nullable [] stored() {
    synchronized (snapshot) {
      return stored;
    }
  }

  /** Opens the field and returns what its section opens to, with what its rows are. */
  List<Run> openedRuns() {
    opened();
    return runs();
  }

  /** Returns the column of another field, which is opened if it is not. */
  @Override
  public @Nullable Column column(int otherNumber) {
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
      if (known != null) {
        return known.column().bytes();
      }
      byte[] bytes = stored;
      return bytes != null
          ? bytes.length
          : Objects.requireNonNull(runs).stream().mapToLong(Run::length).sum();
    }
  }

  /** Returns whether equal bytes may mean other values because another field has others. */
  boolean dependsOnOthers() {
    return descriptor.mentions(DEPENDENT);
  }

  /**
   * Returns whether another field has the same values, as far as the stored bytes alone can show.
   */
  boolean isStoredAs(LazyField other) {
    return snapshot.catalog().isStoredAs(number + 1, other.snapshot.catalog(), other.number + 1)
        && !dependsOnOthers();
  }

  Section section() {
    return section;
  }
}
