package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the values of one field as users are added. While few values differ, each takes one or
 * two bytes, the number of a distinct value; when many differ, each is the bytes of {@link
 * PlainValue} in a pool.
 */
final class ValueBuffer {
  /** More distinct values than this are kept one by one: above 2^16 a code needs more bytes. */
  private static final int MAX_DISTINCT = 1 << 16;

  private @Nullable Map<@Nullable Object, Integer> known = new HashMap<>();
  private final List<@Nullable Object> distinct = new ArrayList<>();
  private byte[] narrow = new byte[64];
  private char[] wide = new char[0];

  /** One more than the code of each number; 0 for numbers that are not known. */
  private int[] numbered = new int[0];

  private final BytePool pool = new BytePool();
  private final ByteWriter writer = new ByteWriter();
  private int size;

  /** Copies values that are costly to make, so that each is made once. */
  static ValueBuffer copyOf(Rows rows) {
    ValueBuffer buffer = new ValueBuffer();
    for (int row = 0; row < rows.size(); row++) {
      buffer.add(rows.get(row));
    }
    return buffer;
  }

  /** Adds a value that is equal to every other with its number; -1 is no number. */
  void add(@Nullable Object value, int number) {
    int code = number < 0 || number >= numbered.length ? -1 : numbered[number] - 1;
    if (known != null && code >= 0) {
      addCode(code);
      return;
    }
    add(value);
    if (known != null && number >= 0) {
      if (number >= numbered.length) {
        numbered = Arrays.copyOf(numbered, 2 * Integer.highestOneBit(number | 1));
      }
      numbered[number] = 1 + codeAt(size - 1);
    }
  }

  void add(@Nullable Object value) {
    Map<@Nullable Object, Integer> codes = known;
    if (codes != null) {
      Integer code = codes.get(ValueKey.of(value));
      if (code == null && distinct.size() < MAX_DISTINCT) {
        Object canonical = PlainValue.canonical(value);
        code = distinct.size();
        distinct.add(canonical);
        codes.put(ValueKey.of(canonical), code); // not the caller's list, which may change
      }
      if (code != null) {
        addCode(code);
        return;
      }
      spill();
    }
    addPlain(PlainValue.canonical(value));
  }

  private void addCode(int code) {
    if (code > 255 && wide.length == 0) {
      wide = new char[narrow.length];
      for (int i = 0; i < size; i++) {
        wide[i] = (char) (narrow[i] & 0xFF);
      }
      narrow = new byte[0];
    }
    if (wide.length > 0) {
      if (size == wide.length) {
        wide = Arrays.copyOf(wide, size + (size >> 1));
      }
      wide[size++] = (char) code;
    } else {
      if (size == narrow.length) {
        narrow = Arrays.copyOf(narrow, size + (size >> 1));
      }
      narrow[size++] = (byte) code;
    }
  }

  private int codeAt(int index) {
    return wide.length > 0 ? wide[index] : narrow[index] & 0xFF;
  }

  private void spill() {
    known = null;
    for (int i = 0; i < size; i++) {
      int code = codeAt(i);
      writer.clear();
      PlainValue.write(writer, distinct.get(code));
      pool.add(writer);
    }
    distinct.clear();
    narrow = new byte[0];
    wide = new char[0];
    numbered = new int[0];
  }

  private void addPlain(@Nullable Object canonical) {
    writer.clear();
    PlainValue.write(writer, canonical);
    pool.add(writer);
    size++;
  }

  /** Returns the value that was added as number {@code index}, in canonical form. */
  @Nullable Object get(int index) {
    return known != null ? distinct.get(codeAt(index)) : PlainValue.read(pool.reader(index));
  }

  /** Returns how many bytes the pool has: 0 while few values differ. */
  long bytes() {
    return pool.bytes();
  }

  /** Returns whether enough values differ to make comparing them to other fields' worthwhile. */
  boolean isVaried() {
    return known == null;
  }

  int size() {
    return size;
  }

  /** Returns the values in another order: row i is what was added as number {@code order[i]}. */
  Rows rows(int[] order) {
    return new BufferedRows(order);
  }

  /** Returns the values in the order in which they were added. */
  Rows rows() {
    return new BufferedRows(null);
  }

  private final class BufferedRows implements Rows {
    private final int @Nullable [] order;

    BufferedRows(int @Nullable [] order) {
      this.order = order;
    }

    private int index(int row) {
      return order == null ? row : order[row];
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public @Nullable Object get(int row) {
      return ValueBuffer.this.get(index(row));
    }

    @Override
    public @Nullable Distinct distinct() {
      if (known == null) {
        return null;
      }
      char[] codes = new char[size];
      for (int row = 0; row < size; row++) {
        codes[row] = (char) codeAt(index(row));
      }
      return Distinct.of(distinct, codes);
    }
  }
}
