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
  private final FieldSlot[] slots;

  /** A name or null at each place, a power of two of them, at most half of them in use. */
  private final @Nullable String[] names;

  /** For each name its number in {@link #slots}. */
  private final int[] numbers;

  /** For each name its field, once it was asked for; racy, which is harmless: it never changes. */
  private final @Nullable Field[] opened;

  FieldTable(Snapshot snapshot, FieldNames used) {
    List<String> all = snapshot.fieldNames();
    slots = all.stream().map(name -> new FieldSlot(snapshot, name, used)).toArray(FieldSlot[]::new);
    int places = Integer.highestOneBit(Math.max(slots.length, 1)) * 4;
    names = new @Nullable String[places];
    numbers = new int[places];
    opened = new @Nullable Field[places];
    for (int number = 0; number < slots.length; number++) {
      String name = all.get(number);
      int at = name.hashCode() & (places - 1);
      while (names[at] != null) {
        at = (at + 1) & (places - 1);
      }
      names[at] = name.intern(); // as literals are, so that they are found by identity
      numbers[at] = number;
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
    Field field = slots[numbers[at]].field();
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
      slots[numbers[at]].open();
    }
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
