package dev.satchel.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of lists and objects, and the one that holds anything. */
final class NestedColumns {
  private NestedColumns() {}

  /** Lists: how many elements each row has, and a column of all elements. */
  static final class Lists extends Column {
    final Lengths lengths;
    final Column elements;

    Lists(Lengths lengths, Column elements) {
      this.lengths = lengths;
      this.elements = elements;
    }

    @Override
    Object value(int row) {
      int start = lengths.startAt(row);
      @Nullable Object[] values = new @Nullable Object[lengths.lengthAt(row)];
      for (int i = 0; i < values.length; i++) {
        values[i] = elements.value(start + i);
      }
      return Collections.unmodifiableList(Arrays.asList(values));
    }

    @Override
    boolean contains(int row, String element) {
      int at = lengths.startAt(row);
      int end = at + lengths.lengthAt(row);
      for (; at < end; at++) {
        if (elements.textEquals(at, element)) {
          return true;
        }
      }
      return false;
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT + lengths.longest() * elements.weight();
    }

    @Override
    long bytes() {
      return lengths.bytes() + elements.bytes();
    }
  }

  /** Objects: a column for each key, with an absent value where a row has no such member. */
  static final class Objects extends Column {
    final String[] keys;
    final Column[] members;
    private final long weight;

    Objects(String[] keys, Column[] members) {
      this.keys = keys;
      this.members = members;
      long sum = PlainValue.NODE_WEIGHT;
      for (int i = 0; i < keys.length; i++) {
        sum += PlainValue.keyWeight(keys[i]) + members[i].weight();
      }
      this.weight = sum;
    }

    @Override
    Object value(int row) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < keys.length; i++) {
        Object value = members[i].value(row);
        if (value != Snapshot.ABSENT) {
          object.put(keys[i], value);
        }
      }
      return Collections.unmodifiableMap(object);
    }

    @Override
    long weight() {
      return weight;
    }

    @Override
    long bytes() {
      return Arrays.stream(members).mapToLong(Column::bytes).sum();
    }
  }

  /** Values of any type, each as {@link PlainValue} writes it, one after the other. */
  static final class Packed extends Column.OfAnyType {
    final Lengths lengths;
    final byte[] values;
    private final long heaviest;

    /**
     * Checks every value, so that no lookup fails.
     *
     * @throws SnapshotFormatException if a value does not fill its bytes exactly
     */
    Packed(Lengths lengths, byte[] values, int rows, String place) {
      this.lengths = lengths;
      this.values = values;
      long most = 0;
      for (int row = 0; row < rows; row++) {
        ByteReader reader = reader(row, place);
        most = Math.max(most, PlainValue.weight(PlainValue.read(reader)));
        reader.end();
      }
      this.heaviest = most;
    }

    private ByteReader reader(int row, String place) {
      int start = lengths.startAt(row);
      return new ByteReader(values, start, start + lengths.lengthAt(row), place);
    }

    @Override
    @Nullable Object value(int row) {
      return PlainValue.read(reader(row, "a packed value"));
    }

    @Override
    boolean isAbsent(int row) {
      return PlainValue.isAbsent(values[lengths.startAt(row)]);
    }

    @Override
    long weight() {
      return heaviest;
    }

    @Override
    long bytes() {
      return lengths.bytes() + values.length;
    }
  }
}
