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

  FieldSlot(Snapshot snapshot, String name, FieldNames names) {
    this.snapshot = snapshot;
    this.name = name.intern(); // as literals are, so that a lookup finds them by identity
    this.names = names;
  }

  String name() {
    return name;
  }

  /** Returns the field, or null if it is not sound. Allocates only the first time. */
  @Nullable Field field() {
    Field known = opened;
    return known != null || broken ? known : openForLookup();
  }

  /**
   * Opens the field.
   *
   * @throws SnapshotFormatException if it is not sound
   */
  void open() {
    opened = snapshot.field(name);
  }

  /**
   * Opens the field for a lookup, or returns null: a lookup never throws, so it answers with the
   * default for a field that cannot be opened.
   */
  private synchronized @Nullable Field openForLookup() {
    if (opened == null && !broken) {
      names.use(name);
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
    return opened;
  }
}
