package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list or an object as a key of a hash table. Equal to another key if the values are equal, but
 * its hash cannot be foreseen. Safe for any thread, as long as the value does not change.
 */
public final class ValueKey {
  /*
   * Users may write what a JSON column holds, and List.hashCode and Map.hashCode are public sums:
   * [1, 1000] and [2, 969] have one hash, and it is easy to make thousands more. A HashMap has to
   * compare all values of one hash with each other, unless their class is Comparable; so texts and
   * numbers stay as they are, and lists and objects get the keyed hash SipHash-1-3 (Aumasson and
   * Bernstein, 2012) over 64-bit words, whose key is drawn once for each process. Nothing that is
   * written depends on this hash.
   */
  private static final long KEY_0;
  private static final long KEY_1;

  static {
    var random = new SecureRandom();
    KEY_0 = random.nextLong();
    KEY_1 = random.nextLong();
  }

  private static final int NULL = 1;
  private static final int ABSENT = 2;
  private static final int BOOLEAN = 3;
  private static final int LONG = 4;
  private static final int DOUBLE = 5;
  private static final int DECIMAL = 6;
  private static final int TEXT = 7;
  private static final int LIST = 8;
  private static final int OBJECT = 9;

  private final Object value;
  private final int hash;

  private ValueKey(Object value, int hash) {
    this.value = value;
    this.hash = hash;
  }

  /**
   * Returns what stands for a value of a snapshot in a hash table: a key for a list or an object,
   * and every other value itself. Costs one pass over the value.
   */
  public static @Nullable Object of(@Nullable Object value) {
    if (!(value instanceof List) && !(value instanceof Map)) {
      return value;
    }
    long hash = hashOf(value);
    return new ValueKey(value, (int) (hash ^ hash >>> 32));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ValueKey key && hash == key.hash && value.equals(key.value);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private static long hashOf(Object container) {
    var hash = new SipHash();
    hash.add(container);
    return hash.end();
  }

  /** The state of one hash. */
  private static final class SipHash {
    private long v0 = KEY_0 ^ 0x736f6d6570736575L;
    private long v1 = KEY_1 ^ 0x646f72616e646f6dL;
    private long v2 = KEY_0 ^ 0x6c7967656e657261L;
    private long v3 = KEY_1 ^ 0x7465646279746573L;

    void add(@Nullable Object value) {
      if (value == null) {
        word(NULL);
      } else if (value instanceof Long number) {
        word(LONG);
        word(number);
      } else if (value instanceof String text) {
        text(text);
      } else if (value instanceof Boolean truth) {
        word(BOOLEAN | (truth ? 256 : 0));
      } else if (value instanceof Double number) {
        word(DOUBLE);
        word(Double.doubleToLongBits(number));
      } else if (value instanceof BigDecimal number) {
        word(DECIMAL | (long) number.scale() << 8);
        unscaled(number.unscaledValue());
      } else if (value instanceof List<?> list) {
        word(LIST | (long) list.size() << 8);
        list.forEach(this::add);
      } else if (value instanceof Map<?, ?> object) {
        object(object);
      } else {
        word(ABSENT); // and what no snapshot carries, which is refused later
      }
    }

    private void unscaled(BigInteger number) {
      byte[] bytes = number.toByteArray();
      word(bytes.length);
      for (int from = 0; from < bytes.length; from += Long.BYTES) {
        long word = 0;
        for (int i = from; i < Math.min(bytes.length, from + Long.BYTES); i++) {
          word = word << Byte.SIZE | (bytes[i] & 0xFF);
        }
        word(word);
      }
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
      if ((length & 3) != 0) {
        word(four);
      }
    }

    /** Adds the members in any order, as {@link Map#equals} compares them. */
    private void object(Map<?, ?> object) {
      long sum = 0;
      for (Map.Entry<?, ?> member : object.entrySet()) {
        var hash = new SipHash();
        hash.add(member.getKey());
        hash.add(member.getValue());
        sum += hash.end();
      }
      word(OBJECT | (long) object.size() << 8);
      word(sum);
    }

    private void word(long word) {
      v3 ^= word;
      round();
      v0 ^= word;
    }

    long end() {
      v2 ^= 0xFF;
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
