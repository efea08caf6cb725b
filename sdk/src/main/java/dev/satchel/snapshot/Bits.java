package dev.satchel.snapshot;

/** Copies bits between byte arrays. Bit 0 is the lowest of the first byte. */
final class Bits {
  private Bits() {}

  /** Copies bits to where all bits are zero. The caller checks the bounds. */
  static void copy(byte[] source, long from, byte[] target, long to, long count) {
    long at = from;
    long place = to;
    long left = count;
    int head = (int) Math.min(left, -place & 7);
    if (head > 0) {
      put(target, place, read(source, at, head));
      at += head;
      place += head;
      left -= head;
    }
    int shift = (int) (at & 7);
    int byteAt = (int) (at >>> 3);
    int targetAt = (int) (place >>> 3);
    int bytes = (int) (left >>> 3);
    if (shift == 0) {
      System.arraycopy(source, byteAt, target, targetAt, bytes);
    } else {
      shifted(source, byteAt, shift, target, targetAt, bytes);
    }
    int tail = (int) (left & 7);
    if (tail > 0) {
      put(target, place + left - tail, read(source, at + left - tail, tail));
    }
  }

  private static void shifted(
      byte[] source, int from, int shift, byte[] target, int to, int count) {
    int done = 0;
    for (; count - done >= Long.BYTES; done += Long.BYTES) {
      long low = LittleEndian.getLong(source, from + done) >>> shift;
      long high = (source[from + done + Long.BYTES] & 0xFFL) << (Long.SIZE - shift);
      LittleEndian.putLong(target, to + done, low | high);
    }
    for (; done < count; done++) {
      int two = (source[from + done] & 0xFF) | (source[from + done + 1] & 0xFF) << 8;
      target[to + done] = (byte) (two >>> shift);
    }
  }

  /** Returns up to seven bits. */
  private static int read(byte[] source, long at, int count) {
    int byteAt = (int) (at >>> 3);
    int shift = (int) (at & 7);
    int low = source[byteAt] & 0xFF;
    int high = shift + count > 8 ? source[byteAt + 1] & 0xFF : 0;
    return ((low | high << 8) >>> shift) & ((1 << count) - 1);
  }

  private static void put(byte[] target, long at, int bits) {
    target[(int) (at >>> 3)] |= (byte) (bits << (int) (at & 7));
  }
}
