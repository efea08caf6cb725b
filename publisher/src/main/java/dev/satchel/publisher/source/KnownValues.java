package dev.satchel.publisher.source;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of one column that were decoded, by their bytes, so that equal values become one object.
 * Bounded, and given up once most values turn out to differ. Confined to one thread at a time.
 */
final class KnownValues {
  /** Longer values are seldom equal. */
  private static final int MAX_VALUE_BYTES = 128;

  /** For all columns together: 16 MiB of values at most, and usually a hundredth of that. */
  private static final int ALL_SLOTS = 1 << 17;

  private static final int MAX_SLOTS = 1 << 14;

  /**
   * What finds no place within so many slots is not kept, so values made to collide cost little.
   */
  private static final int PROBES = 8;

  /** How many values to look at before deciding whether they repeat. */
  private static final int TRIAL = 1 << 16;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Known(byte[] bytes, Object value) {}

  private @Nullable Known[] slots;
  private int looked;
  private int found;
  private int number = -1;

  /** Makes a table for one of this many columns. */
  KnownValues(int columns) {
    int share = Integer.highestOneBit(Math.max(PROBES, ALL_SLOTS / columns));
    slots = new @Nullable Known[Math.min(MAX_SLOTS, share)];
  }

  /** Returns the value of these bytes; null if it is not known. */
  @Nullable Object get(byte[] bytes, int from, int length) {
    number = -1;
    if (slots.length == 0 || length > MAX_VALUE_BYTES) {
      return null;
    }
    looked++;
    int start = hash(bytes, from, length);
    for (int probe = 0; probe < PROBES; probe++) {
      int at = (start + probe) & (slots.length - 1);
      Known known = slots[at];
      if (known == null) {
        number = at;
        return null;
      }
      if (Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, from + length)) {
        found++;
        number = at;
        return known.value;
      }
    }
    return null;
  }

  /** Keeps the value of the bytes that {@link #get} was asked for last and did not know. */
  void add(byte[] bytes, int from, int length, Object value) {
    if (looked >= TRIAL && found < looked / 2) {
      slots = new @Nullable Known[0];
      number = -1;
    } else if (number >= 0) {
      slots[number] = new Known(Arrays.copyOfRange(bytes, from, from + length), value);
    }
  }

  /** Returns the number of the last value that was found or added; -1 if it is not kept. */
  int number() {
    return number;
  }

  private static int hash(byte[] bytes, int from, int length) {
    long hash = length;
    int at = from;
    int end = from + length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mixed(hash ^ RowBatch.longAt(bytes, at));
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = rest << Byte.SIZE | (bytes[at] & 0xFF);
    }
    return (int) (mixed(hash ^ rest) >>> 32);
  }

  private static long mixed(long bits) {
    long product = bits * 0x9e3779b97f4a7c15L; // odd, with well spread bits
    return product ^ product >>> 29;
  }
}
