package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  private final Mistakes mistakes;

  /** Names that were asked for in vain. */
  private final Set<String> missing = ConcurrentHashMap.newKeySet();

  FieldTable(Snapshot snapshot, FieldNames used, Mistakes mistakes) {
    this.mistakes = mistakes;
    List<String> all = snapshot.fieldNames();
    int places = Integer.highestOneBit(Math.max(all.size(), 1)) * 4;
    slots = new @Nullable FieldSlot[places];
    for (String name : all) {
      int at = name.hashCode() & (places - 1);
      while (slots[at] != null) {
        at = (at + 1) & (places - 1);
      }
      slots[at] = new FieldSlot(snapshot, name, used, mistakes);
    }
  }

  /** Returns the field, opening it if needed, or null if there is none or it is not sound. */
  @Nullable Field get(String name) {
    FieldSlot slot = slot(name);
    return slot == null ? null : slot.field();
  }

  /**
   * Returns the field for lookups of a type, opening it if needed, or null if there is none or it
   * is not sound.
   *
   * @param type a bit, see {@link FieldType#bit}
   */
  @Nullable Field get(String name, int type) {
    FieldSlot slot = slot(name);
    return slot == null ? missing(name) : slot.field(type);
  }

  /** Notes a name that the snapshot does not have, unless too many are noted; returns null. */
  private @Nullable Field missing(String name) {
    if (!missing.contains(name) && missing.size() < Mistakes.MOST) {
      missing.add(name);
      mistakes.missing(name);
    }
    return null;
  }

  /** Opens all fields, which checks every byte of the snapshot. */
  void openAll() {
    for (FieldSlot slot : slots) {
      if (slot != null) {
        slot.open();
      }
    }
  }

  /**
   * Opens the field with this name, if there is one, and checks that it has values of these types.
   *
   * @throws SnapshotFormatException if it is not sound
   */
  void open(String name, int types) {
    FieldSlot slot = slot(name);
    if (slot != null) {
      slot.open();
      slot.check(types);
    } else if (types != 0) {
      mistakes.missing(name);
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
