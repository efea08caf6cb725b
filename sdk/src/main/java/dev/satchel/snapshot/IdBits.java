package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Turns 128-bit user ids into numbers worth storing, and back: bits that are the same in every id
 * (the version of a UUID, the high half of an integer) are cut out, and the others may be mixed.
 * Immutable, safe for any thread.
 *
 * <p>Exact: {@link #matches} is false for ids that differ in a fixed bit, and for all others {@link
 * #idOf} inverts {@link #high} and {@link #low}.
 */
final class IdBits {
  /*
   * Which bits vary is the OR of each id's XOR with the first. Drawn for three ids of eight bits:
   *
   *     ids        1010 0110   1010 1100   1010 1110
   *     varying    0000 1010               fixed 1010 0100
   *     numbers           01          10          11
   *
   * Neighbouring varying bits are a run; each moves as one piece, so runs are bounded: where there
   * are more than MAX_RUNS, the smallest gaps count as varying. In 128 bits a run that crosses the
   * middle of the number is two pieces, one of its high and one of its low word.
   *
   * NumericIds takes a number's upper bits for its bucket and needs them to be about uniform. Where
   * they are not (serial numbers with gaps, ids with a time in front, ids made by an attacker) the
   * number is mixed, by a Feistel network [1] over its two halves:
   *
   *     left   = left  ^ round(right)
   *     right  = right ^ round(left)      and both again with other round keys
   *
   * It is invertible whatever the round function is: the same steps backwards. Four rounds [2] of a
   * keyed 64-bit multiplication make every bit depend on every other. It is no cipher and need be
   * none: someone who chooses a few ids and aims at a bucket only makes the encoder take another
   * key. That one comes from a digest of all ids, so they cannot aim without knowing all the
   * others.
   *
   * [1] H. Feistel, Cryptography and Computer Privacy, Scientific American 228(5), 1973
   * [2] M. Luby, C. Rackoff, How to Construct Pseudorandom Permutations from Pseudorandom
   *     Functions, SIAM Journal on Computing 17(2), 1988
   */

  /** The most runs of varying bits. */
  static final int MAX_RUNS = 8;

  /** All bits of a version 4 UUID but the four of its version and the two of its variant. */
  private static final long V4_HIGH = 0xFFFF_FFFF_FFFF_0FFFL;

  private static final long V4_LOW = 0x3FFF_FFFF_FFFF_FFFFL;

  private static final int ROUNDS = 4;

  final long fixedHigh;
  final long fixedLow;
  final long varyingHigh;
  final long varyingLow;

  /** How many bits the number has, 0 to 128. */
  final int width;

  final boolean mixed;
  final long key;

  /** Whether the varying bits are the lowest ones, as those of numbers are, so that none moves. */
  private final boolean lowest;

  /** The pieces of an id that make the upper and the lower 64 bits of the number. */
  private final Piece[] highPieces;

  private final Piece[] lowPieces;

  private final int lowHalf;

  /** Takes the varying bits as they are; they must not have more than {@link #MAX_RUNS} runs. */
  IdBits(
      long fixedHigh, long fixedLow, long varyingHigh, long varyingLow, boolean mixed, long key) {
    this.varyingHigh = varyingHigh;
    this.varyingLow = varyingLow;
    this.fixedHigh = fixedHigh & ~varyingHigh;
    this.fixedLow = fixedLow & ~varyingLow;
    this.width = Long.bitCount(varyingHigh) + Long.bitCount(varyingLow);
    this.mixed = mixed;
    this.key = key;
    this.lowest =
        isLowest(varyingHigh) && isLowest(varyingLow) && (varyingHigh == 0 || varyingLow == -1L);
    this.lowHalf = width - width / 2;
    List<Piece> high = new ArrayList<>();
    List<Piece> low = new ArrayList<>();
    int to = width;
    for (int[] run : runs(varyingHigh, varyingLow)) {
      to -= run[1];
      boolean fromHigh = run[0] >= 64;
      int from = run[0] & 63;
      int below = Math.min(Math.max(64 - to, 0), run[1]);
      if (below > 0) {
        low.add(new Piece(fromHigh, from, -1L >>> (64 - below), to));
      }
      if (below < run[1]) {
        int above = run[1] - below;
        high.add(new Piece(fromHigh, from + below, -1L >>> (64 - above), to + below - 64));
      }
    }
    this.highPieces = high.toArray(new Piece[0]);
    this.lowPieces = low.toArray(new Piece[0]);
  }

  /** Neighbouring bits: where they start in a word of the id, how many, and where in the number. */
  private record Piece(boolean fromHigh, int from, long mask, int to) {
    long of(long idHigh, long idLow) {
      return (((fromHigh ? idHigh : idLow) >>> from) & mask) << to;
    }
  }

  private static boolean isLowest(long bits) {
    return (bits & (bits + 1)) == 0;
  }

  /** Returns how many runs of varying bits these masks have; a run ends where a word ends. */
  static int runCount(long varyingHigh, long varyingLow) {
    return runs(varyingHigh, varyingLow).size();
  }

  /** Fills the smallest gaps between the varying bits until they have few enough runs. */
  static IdBits of(long fixedHigh, long fixedLow, long varyingHigh, long varyingLow) {
    long high = varyingHigh;
    long low = varyingLow;
    while (true) {
      List<int[]> runs = runs(high, low);
      if (runs.size() <= MAX_RUNS) {
        return new IdBits(fixedHigh, fixedLow, high, low, false, 0);
      }
      int[] gap = gaps(runs).stream().min(Comparator.comparingInt((int[] g) -> g[1])).orElseThrow();
      long mask = ((1L << gap[1]) - 1) << (gap[0] & 63);
      if (gap[0] >= 64) {
        high |= mask;
      } else {
        low |= mask;
      }
    }
  }

  IdBits mixedWith(long newKey) {
    return new IdBits(fixedHigh, fixedLow, varyingHigh, varyingLow, true, newKey);
  }

  /** Writes what {@link IdReader} needs to make these bits again. */
  void describe(ByteWriter out) {
    out.i64(fixedHigh);
    out.i64(fixedLow);
    out.i64(varyingHigh);
    out.i64(varyingLow);
    out.u8(mixed ? 1 : 0);
    out.i64(key);
  }

  /** Returns whether the ids are version 4 UUIDs in which every other bit varies. */
  boolean areVersion4() {
    return varyingHigh == V4_HIGH
        && varyingLow == V4_LOW
        && fixedHigh == 0x4000
        && fixedLow == Long.MIN_VALUE;
  }

  /** Returns whether the bits that are cut out of an id are those of every id in the snapshot. */
  boolean matches(long high, long low) {
    return (((high & ~varyingHigh) ^ fixedHigh) | ((low & ~varyingLow) ^ fixedLow)) == 0;
  }

  /** Returns the upper 64 bits of the number of an id. */
  long high(long idHigh, long idLow) {
    long high = gatherHigh(idHigh, idLow);
    return mixed ? mix(high, gatherLow(idHigh, idLow), true) : high;
  }

  /** Returns the lower 64 bits of the number of an id. */
  long low(long idHigh, long idLow) {
    long low = gatherLow(idHigh, idLow);
    return mixed ? mix(gatherHigh(idHigh, idLow), low, false) : low;
  }

  private long gatherHigh(long idHigh, long idLow) {
    return lowest ? idHigh & varyingHigh : gather(highPieces, idHigh, idLow);
  }

  private long gatherLow(long idHigh, long idLow) {
    return lowest ? idLow & varyingLow : gather(lowPieces, idHigh, idLow);
  }

  private static long gather(Piece[] pieces, long idHigh, long idLow) {
    long bits = 0;
    for (Piece piece : pieces) {
      bits |= piece.of(idHigh, idLow);
    }
    return bits;
  }

  private long mix(long high, long low, boolean wantHigh) {
    if (width < 2) {
      return wantHigh ? high : low;
    }
    long rightMask = -1L >>> (64 - lowHalf);
    long leftMask = -1L >>> (64 - (width - lowHalf));
    long right = low & rightMask;
    long left = NumericIds.shiftRight(high, low, lowHalf) & leftMask;
    for (int round = 0; round < ROUNDS; round += 2) {
      left = (left ^ roundOf(right, round)) & leftMask;
      right = (right ^ roundOf(left, round + 1)) & rightMask;
    }
    return wantHigh ? NumericIds.shiftLeftHigh(left, lowHalf) : joinLow(left, right);
  }

  private long joinLow(long left, long right) {
    return lowHalf == 64 ? right : (left << lowHalf) | right;
  }

  private long roundOf(long half, int round) {
    long x = half + key + round * 0x9E3779B97F4A7C15L;
    x *= key | 1;
    x ^= x >>> 32;
    x *= 0xD6E8FEB86659FD93L; // an odd constant with well spread bits
    return x ^ (x >>> 29);
  }

  /** Puts the id of a number into {@code id}, the high word first. */
  void idOf(long numberHigh, long numberLow, long[] id) {
    long high = numberHigh;
    long low = numberLow;
    if (mixed && width >= 2) {
      long rightMask = -1L >>> (64 - lowHalf);
      long leftMask = -1L >>> (64 - (width - lowHalf));
      long right = low & rightMask;
      long left = NumericIds.shiftRight(high, low, lowHalf) & leftMask;
      for (int round = ROUNDS - 2; round >= 0; round -= 2) {
        right = (right ^ roundOf(left, round + 1)) & rightMask;
        left = (left ^ roundOf(right, round)) & leftMask;
      }
      high = NumericIds.shiftLeftHigh(left, lowHalf);
      low = joinLow(left, right);
    }
    id[0] = fixedHigh;
    id[1] = fixedLow;
    scatter(highPieces, high, id);
    scatter(lowPieces, low, id);
  }

  private static void scatter(Piece[] pieces, long number, long[] id) {
    for (Piece piece : pieces) {
      id[piece.fromHigh ? 0 : 1] |= ((number >>> piece.to) & piece.mask) << piece.from;
    }
  }

  /** Returns the runs from the top, each as its lowest bit (0 to 127) and width. */
  private static List<int[]> runs(long high, long low) {
    List<int[]> runs = new ArrayList<>();
    for (int word = 1; word >= 0; word--) {
      long rest = word == 1 ? high : low;
      int top = 64;
      while (rest != 0) {
        int skipped = Long.numberOfLeadingZeros(rest);
        top -= skipped;
        rest <<= skipped;
        int width = Long.numberOfLeadingZeros(~rest);
        runs.add(new int[] {word * 64 + top - width, width});
        top -= width;
        rest = width == 64 ? 0 : rest << width;
      }
    }
    return runs;
  }

  /** Returns the gaps between neighbouring runs of one word, each as its lowest bit and width. */
  private static List<int[]> gaps(List<int[]> runs) {
    List<int[]> gaps = new ArrayList<>();
    for (int i = 1; i < runs.size(); i++) {
      int[] above = runs.get(i - 1);
      int[] below = runs.get(i);
      int from = below[0] + below[1];
      if ((above[0] >> 6) == (below[0] >> 6) && above[0] > from) {
        gaps.add(new int[] {from, above[0] - from});
      }
    }
    return gaps;
  }
}
