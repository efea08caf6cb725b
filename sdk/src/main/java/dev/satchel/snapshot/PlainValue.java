package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One value of any type as bytes.
 *
 * <pre>
 * tag  value    then
 * 0    absent
 * 1    null
 * 2    false
 * 3    true
 * 4    long     zigzag varint
 * 5    double   8 bytes, IEEE 754, finite
 * 6    decimal  scale as zigzag varint; varint length; unscaled value, two's complement, high byte first
 * 7    text     varint length; UTF-8
 * 8    list     varint count; the elements
 * 9    object   varint count; for each member its key as text without tag, then its value
 * </pre>
 */
final class PlainValue {
  private static final int ABSENT = 0;
  private static final int NULL = 1;
  private static final int FALSE = 2;
  private static final int TRUE = 3;
  private static final int LONG = 4;
  private static final int DOUBLE = 5;
  private static final int DECIMAL = 6;
  private static final int TEXT = 7;
  private static final int LIST = 8;
  private static final int OBJECT = 9;

  /** The deepest nesting of lists and objects: deeper than people nest, and within any stack. */
  static final int DEEPEST = 100;

  /** The weight of a value of any type without its content. */
  static final int NODE_WEIGHT = 16;

  /** The largest weight of one value: two million elements, or a text of 32 MiB. */
  static final int MAX_WEIGHT = 1 << 25;

  /**
   * The most digits before or after the point of a decimal: PostgreSQL's numeric has at most
   * 131,072.
   */
  static final int MAX_SCALE = 200_000;

  /** The most bytes of a decimal's unscaled value: more than 150,000 digits. */
  private static final int MAX_UNSCALED_BYTES = 1 << 16;

  private PlainValue() {}

  /**
   * Returns a copy of the value in canonical form, with the members of objects sorted by key.
   *
   * @throws IllegalArgumentException if a snapshot carries no values of its type, or if it weighs
   *     more than {@link #MAX_WEIGHT}
   */
  static @Nullable Object canonical(@Nullable Object value) {
    Object canonical = canonical(value, 0);
    if (canonical instanceof List
        || canonical instanceof Map
        || (canonical instanceof String text && text.length() > MAX_WEIGHT / 4)) {
      long weight = weight(canonical);
      require(weight <= MAX_WEIGHT, "a value of a weight of at most " + MAX_WEIGHT, weight);
    }
    return canonical;
  }

  private static @Nullable Object canonical(@Nullable Object value, int depth) {
    if (value == null || value instanceof Boolean || value instanceof Long) {
      return value;
    }
    if (value == Snapshot.ABSENT) {
      require(depth == 0, "an absent value in no other", "one in a list or an object");
      return value;
    }
    if (value instanceof String text) {
      return sound(text);
    }
    if (value instanceof Double number) {
      require(Double.isFinite(number), "a finite double", number);
      return value;
    }
    if (value instanceof BigDecimal number) {
      require(
          Math.abs((long) number.scale()) <= MAX_SCALE,
          "a decimal of a scale of at most " + MAX_SCALE,
          number.scale());
      int bytes = number.unscaledValue().bitLength() / 8 + 1;
      require(
          bytes <= MAX_UNSCALED_BYTES,
          "a decimal of at most " + MAX_UNSCALED_BYTES + " bytes",
          bytes);
      return value;
    }
    require(depth < DEEPEST, "values nested at most " + DEEPEST + " deep", "more");
    if (value instanceof List<?> list) {
      @Nullable Object[] copy = new @Nullable Object[list.size()];
      int i = 0;
      for (Object element : list) {
        copy[i++] = canonical(element, depth + 1);
      }
      return Collections.unmodifiableList(Arrays.asList(copy));
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, @Nullable Object> copy = new TreeMap<>();
      map.forEach((key, member) -> copy.put(key(key), canonical(member, depth + 1)));
      return Collections.unmodifiableMap(copy);
    }
    throw new IllegalArgumentException(
        "expected null, Boolean, Long, Double, BigDecimal, String, List, Map or ABSENT but found "
            + value.getClass().getName());
  }

  private static String key(@Nullable Object key) {
    if (key instanceof String text) {
      return sound(text);
    }
    throw new IllegalArgumentException("expected keys that are texts but found " + key);
  }

  /** Returns the text itself; throws if UTF-8 cannot carry it. */
  static String sound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        require(pair, "text in which surrogates come in pairs", "one alone at index " + i);
        i++;
      }
    }
    return text;
  }

  private static void require(boolean rule, String expected, Object found) {
    if (!rule) {
      throw new IllegalArgumentException("expected " + expected + " but found " + found);
    }
  }

  static void write(ByteWriter out, @Nullable Object value) {
    if (value == null) {
      out.u8(NULL);
    } else if (value == Snapshot.ABSENT) {
      out.u8(ABSENT);
    } else if (value instanceof Boolean truth) {
      out.u8(truth ? TRUE : FALSE);
    } else if (value instanceof Long number) {
      out.u8(LONG);
      out.zigzag(number);
    } else if (value instanceof Double number) {
      out.u8(DOUBLE);
      out.i64(Double.doubleToRawLongBits(number));
    } else if (value instanceof BigDecimal number) {
      out.u8(DECIMAL);
      out.zigzag(number.scale());
      byte[] unscaled = number.unscaledValue().toByteArray();
      out.varint(unscaled.length);
      out.bytes(unscaled);
    } else if (value instanceof String text) {
      out.u8(TEXT);
      out.text(text);
    } else if (value instanceof List<?> list) {
      out.u8(LIST);
      out.varint(list.size());
      for (Object element : list) {
        write(out, element);
      }
    } else if (value instanceof Map<?, ?> map) {
      out.u8(OBJECT);
      out.varint(map.size());
      map.forEach(
          (key, member) -> {
            out.text((String) key);
            write(out, member);
          });
    } else {
      throw new AssertionError("not canonical: " + value.getClass());
    }
  }

  /**
   * Reads the next value.
   *
   * @throws SnapshotFormatException if the bytes are no value, or one that {@link #canonical}
   *     refuses
   */
  static @Nullable Object read(ByteReader in) {
    return new Reading(in).value(0);
  }

  /**
   * Returns about how many bytes a value takes in memory and to write. This limits the memory for
   * reading one value of a snapshot.
   */
  static long weight(@Nullable Object value) {
    if (value instanceof String text) {
      return NODE_WEIGHT + textWeight(text);
    }
    if (value instanceof BigDecimal number) {
      return NODE_WEIGHT + number.unscaledValue().bitLength() / 8L;
    }
    long sum = NODE_WEIGHT;
    if (value instanceof List<?> list) {
      for (Object element : list) {
        sum += weight(element);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> member : map.entrySet()) {
        sum += keyWeight((String) member.getKey()) + weight(member.getValue());
      }
    }
    return sum;
  }

  /** Returns how many bytes a text has in UTF-8. */
  static long textWeight(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // a surrogate pair is two units and four bytes
      bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }

  static long keyWeight(String key) {
    return 2L * NODE_WEIGHT + textWeight(key);
  }

  /** Returns whether a value that begins with this byte is {@link Snapshot#ABSENT}. */
  static boolean isAbsent(byte tag) {
    return tag == ABSENT;
  }

  /** The reading of one value, and how much of it may still follow. */
  private static final class Reading {
    private final ByteReader in;
    private long weightLeft = MAX_WEIGHT;

    Reading(ByteReader in) {
      this.in = in;
    }

    @Nullable Object value(int depth) {
      charge(NODE_WEIGHT);
      int tag = in.u8("a value's tag");
      switch (tag) {
        case ABSENT:
          if (depth > 0) {
            throw in.bad("an absent value in no other", tag);
          }
          return Snapshot.ABSENT;
        case NULL:
          return null;
        case FALSE:
          return false;
        case TRUE:
          return true;
        case LONG:
          return in.zigzag("a long");
        case DOUBLE:
          double number = Double.longBitsToDouble(in.i64("a double"));
          if (!Double.isFinite(number)) {
            throw in.bad("a finite double", number);
          }
          return number;
        case DECIMAL:
          return decimal();
        case TEXT:
          return text("a text");
        case LIST:
          return list(depth + 1);
        case OBJECT:
          return object(depth + 1);
        default:
          throw in.bad("a value's tag of 0 to " + OBJECT, tag);
      }
    }

    private BigDecimal decimal() {
      int scale = in.scale(MAX_SCALE);
      int length = in.length("an unscaled value's length");
      if (length == 0 || length > MAX_UNSCALED_BYTES) {
        throw in.bad("an unscaled value of 1 to " + MAX_UNSCALED_BYTES + " bytes", length);
      }
      charge(length);
      return new BigDecimal(new BigInteger(in.bytes(length, "a decimal")), scale);
    }

    private String text(String what) {
      int before = in.position();
      String text = in.text(what);
      charge(in.position() - before);
      return text;
    }

    private Object list(int depth) {
      int count = count("a list's count", depth);
      // not allocated at once: each list within a list could claim as many
      List<@Nullable Object> elements = new ArrayList<>(Math.min(count, 16));
      for (int i = 0; i < count; i++) {
        elements.add(value(depth));
      }
      return Collections.unmodifiableList(Arrays.asList(elements.toArray()));
    }

    private Object object(int depth) {
      int count = count("an object's count", depth);
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        charge(2 * NODE_WEIGHT);
        String key = text("a key");
        if (object.containsKey(key)) {
          throw in.bad("an object of different keys", "one twice");
        }
        object.put(key, value(depth));
      }
      return Collections.unmodifiableMap(object);
    }

    private int count(String what, int depth) {
      if (depth > DEEPEST) {
        throw in.bad("values nested at most " + DEEPEST + " deep", "more");
      }
      return in.length(what);
    }

    private void charge(int weight) {
      weightLeft -= weight;
      if (weightLeft < 0) {
        throw in.bad("a value of a weight of at most " + MAX_WEIGHT, "more");
      }
    }
  }

  /** Compares canonical values in an order that depends only on them. */
  static int compare(@Nullable Object a, @Nullable Object b) {
    return Arrays.compareUnsigned(bytes(a), bytes(b));
  }

  static byte[] bytes(@Nullable Object value) {
    ByteWriter out = new ByteWriter();
    write(out, value);
    return out.toByteArray();
  }

  /** Returns the distinct values in the order of their bytes. */
  static List<@Nullable Object> sorted(List<@Nullable Object> values) {
    List<@Nullable Object> sorted = new ArrayList<>(values);
    sorted.sort(PlainValue::compare);
    return sorted;
  }
}
