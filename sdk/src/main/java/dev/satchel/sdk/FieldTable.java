package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a view by their names: a hash table of open addresses. A lookup by name is one of
 * the most frequent things there are, and this is a few memory accesses less than a HashMap, which
 * goes over a node for each name and a slot for each field. Safe for any thread.
 */
final class FieldTable {
  /** A name or null at each place, a power of two of them, at most half of them in use. */
  private final @Nullable String[] names;

  /** For each name what opens its field. */
  private final @Nullable FieldSlot[] slots;

  /** For each name its field, once it was asked for; racy, which is harmless: it never changes. */
  private final @Nullable Field[] opened;

  FieldTable(Snapshot snapshot, FieldNames used) {
    List<String> all = snapshot.fieldNames();
    int places = Integer.highestOneBit(Math.max(all.size(), 1)) * 4;
    names = new @Nullable String[places];
    slots = new @Nullable FieldSlot[places];
    opened = new @Nullable Field[places];
    for (String name : all) {
      int at = name.hashCode() & (places - 1);
      while (names[at] != null) {
        at = (at + 1) & (places - 1);
      }
      names[at] = name.intern(); // as literals are, so that they are found by identity
      slots[at] = new FieldSlot(snapshot, name, used);
    }
  }

  /** The field, opened if it is not yet, or null if there is none or it is not sound. */
  @Nullable Field get(String name) {
    int at = placeOf(name);
    if (at < 0) {
      return null;
    }
    Field known = opened[at];
    return known != null ? known : openAt(at);
  }

  private @Nullable Field openAt(int at) {
    Field field = slotAt(at).field();
    opened[at] = field;
    return field;
  }

  /**
   * Opens a field, if there is one of this name.
   *
   * @throws SnapshotFormatException if it is not sound
   */
  void open(String name) {
    int at = placeOf(name);
    if (at >= 0) {
      slotAt(at).open();
    }
  }

  private FieldSlot slotAt(int at) {
    return Objects.requireNonNull(slots[at]);
  }

  private int placeOf(String name) {
    int last = names.length - 1;
    int at = name.hashCode() & last;
    while (true) {
      String here = names[at];
      if (here == null) {
        return -1;
      }
      if (Objects.equals(here, name)) {
        return at;
      }
      at = (at + 1) & last;
    }
  }
}
