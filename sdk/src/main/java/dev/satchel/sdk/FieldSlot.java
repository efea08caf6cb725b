package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One field of a view, opened when it is first asked for. Safe for any thread. */
final class FieldSlot {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  private final Snapshot snapshot;
  private final String name;
  private final FieldNames names;
  private volatile @Nullable Field opened;
  private volatile boolean broken;

  /** The types that were asked for and checked, as bits. */
  private volatile int asked;

  private final Mistakes mistakes;

  FieldSlot(Snapshot snapshot, String name, FieldNames names, Mistakes mistakes) {
    this.snapshot = snapshot;
    this.name = name.intern(); // as literals are, so that a lookup finds them by identity
    this.names = names;
    this.mistakes = mistakes;
  }

  String name() {
    return name;
  }

  /** Returns the field, or null if it is not sound. Allocates only the first time. */
  @Nullable Field field() {
    Field known = opened;
    return known != null || broken ? known : openForLookup(0);
  }

  /**
   * Returns the field for lookups of a type, or null if it is not sound. Allocates only the first
   * time.
   *
   * @param type a bit
   */
  @Nullable Field field(int type) {
    return (asked & type) != 0 ? opened : openForLookup(type);
  }

  /**
   * Opens the field.
   *
   * @throws SnapshotFormatException if it is not sound
   */
  void open() {
    opened = snapshot.field(name);
  }

  /** Checks, once for each, that the field has values of these types. */
  synchronized void check(int types) {
    int unchecked = types & ~asked;
    Field known = opened;
    if (known != null && unchecked != 0) {
      mistakes.check(known, unchecked);
    }
    asked |= types;
  }

  /**
   * Opens the field for a lookup, or returns null: a lookup never throws, so it answers with the
   * default for a field that cannot be opened.
   */
  private synchronized @Nullable Field openForLookup(int type) {
    names.use(name, type);
    if (opened == null && !broken) {
      try {
        open();
      } catch (SnapshotFormatException e) {
        broken = true;
        LOG.warn(
            "field {} of revision {} is not sound, lookups answer defaults: {}",
            name,
            snapshot.revision(),
            e.getMessage());
      }
    }
    check(type);
    return opened;
  }
}
