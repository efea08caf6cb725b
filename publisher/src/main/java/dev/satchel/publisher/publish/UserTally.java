package dev.satchel.publisher.publish;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fingerprint of a set of users with all their values. Equal sets have equal fingerprints, in
 * whatever order the users are added. Takes no memory per user. Confined to one thread at a time.
 */
final class UserTally {
  /*
   * Each value is hashed to two 64-bit lanes, and each user to two over those of its id and its
   * values. Every value is preceded by its kind and its length, so that neighbours cannot be shifted
   * into each other. Both lanes are summed. A sum does not depend on order, which differs between
   * PostgreSQL's rows and a snapshot, and unlike an exclusive or it does not lose a user that comes
   * twice. Two sets that differ in any value of any user agree by chance once in 2^128 times. The
   * hash needs no key: it guards against defects of the encoder and the decoder, and those do not
   * choose their mistakes to collide. Keeping the rows themselves to compare them one by one would
   * hold every row twice.
   *
   * Numbers count by what they say in JSON, so 1, 1.0 and 1.00 are one number. Objects count
   * regardless of the order of their members. Everything else counts exactly.
   */
  private static final int ABSENT = 1;
  private static final int NULL = 2;
  private static final int BOOLEAN = 3;
  private static final int WHOLE = 4;
  private static final int DOUBLE = 5;
  private static final int DECIMAL = 6;
  private static final int TEXT = 7;
  private static final int LIST = 8;
  private static final int OBJECT = 9;
  private static final int UUID = 10;

  // odd constants of SplitMix64 and of Steele and Vigna's tables: any odd multiplier is invertible
  private static final long SEED = 0x9e3779b97f4a7c15L;
  private static final long FIRST = 0xbf58476d1ce4e5b9L;
  private static final long SECOND = 0xd1342543de82ef95L;

  private static final double EXACT_WHOLE = 0x1p53;
  private static final int FEW_DIGITS = 50;

  private static final int[] NO_NUMBERS = {};

  /** The lanes after one value, and its bytes. */
  private record Hash(long first, long second, long bytes) {}

  private final Object absent;

  /** For each field, the hashes of the values that have a number. */
  private final List<@Nullable Hash[]> hashes = new ArrayList<>();

  private long users;
  private long firstSum;
  private long secondSum;
  private long bytes;
  private long first;
  private long second;

  /**
   * Creates an empty tally. {@code absent} is the object that stands for a field that a user does
   * not have.
   */
  UserTally(Object absent) {
    this.absent = absent;
  }

  /** Adds one user, with id and values as {@code Snapshot} gives them. */
  void add(Object id, @Nullable Object[] values) {
    add(id, values, NO_NUMBERS);
  }

  /** Adds one user, with id, values and numbers as {@code UserSink} gives them. */
  void add(Object id, @Nullable Object[] values, int[] numbers) {
    begin();
    value(id);
    long userFirst = first;
    long userSecond = second;
    for (int i = 0; i < values.length; i++) {
      int number = numbers == NO_NUMBERS ? -1 : numbers[i];
      if (number < 0) {
        begin();
        value(values[i]);
      } else {
        numbered(i, number, values[i]);
      }
      userFirst = firstAfter(userFirst, first);
      userSecond = secondAfter(userSecond, second);
    }
    users++;
    firstSum += mixed(userFirst + userSecond);
    secondSum += mixed(userSecond ^ Long.rotateLeft(userFirst, 23));
  }

  /** Hashes a value, unless one with this number was. */
  private void numbered(int field, int number, @Nullable Object value) {
    while (field >= hashes.size()) {
      hashes.add(new @Nullable Hash[64]);
    }
    @Nullable Hash[] ofField = hashes.get(field);
    if (number >= ofField.length) {
      ofField = Arrays.copyOf(ofField, 2 * Integer.highestOneBit(number));
      hashes.set(field, ofField);
    }
    Hash hash = ofField[number];
    if (hash == null) {
      long before = bytes;
      begin();
      value(value);
      ofField[number] = new Hash(first, second, bytes - before);
    } else {
      first = hash.first;
      second = hash.second;
      bytes += hash.bytes;
    }
  }

  /** Adds everything that another tally has counted. */
  void add(UserTally other) {
    users += other.users;
    firstSum += other.firstSum;
    secondSum += other.secondSum;
    bytes += other.bytes;
  }

  /** Returns how many users were added so far. */
  long users() {
    return users;
  }

  /** Returns roughly the bytes of the data added so far, for a progress line. */
  long bytes() {
    return bytes;
  }

  /** Returns whether both have counted the same users with the same values. */
  boolean agreesWith(UserTally other) {
    return users == other.users && firstSum == other.firstSum && secondSum == other.secondSum;
  }

  private void begin() {
    first = SEED;
    second = ~SEED;
  }

  private void value(@Nullable Object value) {
    if (value == null) {
      word(NULL);
      bytes++;
    } else if (value == absent) {
      word(ABSENT);
    } else if (value instanceof Boolean b) {
      word(BOOLEAN | (b ? 256 : 0));
      bytes++;
    } else if (value instanceof Long n) {
      number(WHOLE, n);
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof java.util.UUID id) {
      word(UUID);
      word(id.getMostSignificantBits());
      word(id.getLeastSignificantBits());
      bytes += 16;
    } else if (value instanceof Double n) {
      number(n);
    } else if (value instanceof BigDecimal n) {
      number(n);
    } else if (value instanceof List<?> list) {
      word(LIST | (long) list.size() << 8);
      bytes++;
      for (Object element : list) {
        value(element);
      }
    } else if (value instanceof Map<?, ?> members) {
      bytes++;
      object(members);
    } else {
      throw new AssertionError("a value of " + value.getClass() + " cannot be in a snapshot");
    }
  }

  private void number(double n) {
    if (n == Math.rint(n) && Math.abs(n) <= EXACT_WHOLE) {
      number(WHOLE, (long) n);
    } else {
      number(DOUBLE, Double.doubleToLongBits(n));
    }
  }

  private void number(BigDecimal n) {
    BigDecimal plain = n.signum() == 0 ? BigDecimal.ZERO : stripped(n);
    double nearest = n.doubleValue();
    if (plain.scale() <= 0 && plain.precision() - plain.scale() <= 18) {
      number(WHOLE, plain.longValueExact());
    } else if (Double.isFinite(nearest)
        && new BigDecimal(Double.toString(nearest)).compareTo(n) == 0) {
      number(nearest);
    } else {
      word(DECIMAL);
      word(plain.scale());
      text(plain.unscaledValue().toString(Character.MAX_RADIX));
    }
  }

  /** Does as stripTrailingZeros, which takes off one zero at a time, in time for long numbers. */
  private static BigDecimal stripped(BigDecimal n) {
    if (n.precision() <= FEW_DIGITS) {
      return n.stripTrailingZeros();
    }
    BigInteger digits = n.unscaledValue();
    long scale = n.scale();
    // a number ends with at most as many decimal zeros as binary ones
    for (int zeros = Integer.highestOneBit(digits.getLowestSetBit()); zeros > 0; zeros >>= 1) {
      BigInteger[] split = digits.divideAndRemainder(BigInteger.TEN.pow(zeros));
      if (split[1].signum() == 0) {
        digits = split[0];
        scale -= zeros;
      }
    }
    return new BigDecimal(digits, Math.toIntExact(scale));
  }

  private void number(int kind, long bits) {
    word(kind);
    word(bits);
    bytes += Long.BYTES;
  }

  private void text(String text) {
    int length = text.length();
    word(TEXT | (long) length << 8);
    long four = 0;
    for (int i = 0; i < length; i++) {
      four = four << Character.SIZE | text.charAt(i);
      if ((i & 3) == 3) {
        word(four);
        four = 0;
      }
    }
    word(four);
    bytes += length;
  }

  private void object(Map<?, ?> members) {
    long outerFirst = first;
    long outerSecond = second;
    long sumOfFirst = 0;
    long sumOfSecond = 0;
    for (var member : members.entrySet()) {
      begin();
      value(member.getKey());
      value(member.getValue());
      sumOfFirst += mixed(first);
      sumOfSecond += mixed(second);
    }
    first = outerFirst;
    second = outerSecond;
    word(OBJECT | (long) members.size() << 8);
    word(sumOfFirst);
    word(sumOfSecond);
  }

  private void word(long word) {
    first = firstAfter(first, word);
    second = secondAfter(second, word);
  }

  private static long firstAfter(long lane, long word) {
    long product = (lane ^ word) * FIRST;
    return product ^ product >>> 32;
  }

  private static long secondAfter(long lane, long word) {
    long product = (Long.rotateLeft(lane, 27) + word) * SECOND;
    return product ^ product >>> 29;
  }

  private static long mixed(long bits) {
    long mixed = (bits ^ bits >>> 30) * FIRST;
    return mixed ^ mixed >>> 31;
  }
}
