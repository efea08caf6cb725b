package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a view by their names: a hash table of open addresses. Lookups by name are very
 * frequent, and this takes fewer steps than a HashMap. Safe for any thread.
 */
final class FieldTable {
  /**
   * A field or null in each slot; the length is a power of two, and at most half of the slots are
   * in use.
   */
  private final @Nullable FieldSlot[] slots;

  FieldTable(Snapshot snapshot, FieldNames used) {
    List<String> all = snapshot.fieldNames();
    int places = Integer.highestOneBit(Math.max(all.size(), 1)) * 4;
    slots = new @Nullable FieldSlot[places];
    for (String name : all) {
      int at = name.hashCode() & (places - 1);
      while (slots[at] != null) {
        at = (at + 1) & (places - 1);
      }
      slots[at] = new FieldSlot(snapshot, name, used);
    }
  }

  /** Returns the field, opening it if needed, or null if there is none or it is not sound. */
  @Nullable Field get(String name) {
    FieldSlot slot = slot(name);
    return slot == null ? null : slot.field();
  }

  /**
   * Opens the field with this name, if there is one.
   *
   * @throws SnapshotFormatException if it is not sound
   */
  void open(String name) {
    FieldSlot slot = slot(name);
    if (slot != null) {
      slot.open();
    }
  }

  private @Nullable FieldSlot slot(String name) {
    int last = slots.length - 1;
    int at = name.hashCode() & last;
    while (true) {
      FieldSlot here = slots[at];
      if (here == null || Objects.equals(here.name(), name)) {
        return here;
      }
      at = (at + 1) & last;
    }
  }
}
