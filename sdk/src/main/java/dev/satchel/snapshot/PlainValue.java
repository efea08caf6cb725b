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

  /** Lists and objects within each other: deeper than people nest, shallower than any stack. */
  static final int DEEPEST = 100;

  /** Elements of one list. */
  static final int MOST_ELEMENTS = 1 << 20;

  /** Digits behind or before the point of a decimal: PostgreSQL's numeric has at most 131,072. */
  private static final int MOST_SCALE = 200_000;

  private PlainValue() {}

  /**
   * The value in its one form: objects sorted by key, everything copied.
   *
   * @throws IllegalArgumentException if it is of no type that a snapshot carries
   */
  static @Nullable Object canonical(@Nullable Object value, int depth) {
    if (value == null
        || value == Snapshot.ABSENT
        || value instanceof Boolean
        || value instanceof Long) {
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
          Math.abs((long) number.scale()) <= MOST_SCALE,
          "a decimal of a smaller scale",
          number.scale());
      return value;
    }
    require(depth < DEEPEST, "values nested at most " + DEEPEST + " deep", "more");
    if (value instanceof List<?> list) {
      require(list.size() <= MOST_ELEMENTS, "at most " + MOST_ELEMENTS + " elements", list.size());
      @Nullable Object[] copy = new @Nullable Object[list.size()];
      int i = 0;
      for (Object element : list) {
        copy[i++] = canonical(element, depth + 1);
      }
      return Collections.unmodifiableList(Arrays.asList(copy));
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, @Nullable Object> copy = new TreeMap<>();
      map.forEach((key, member) -> copy.put(sound((String) key), canonical(member, depth + 1)));
      return Collections.unmodifiableMap(copy);
    }
    throw new IllegalArgumentException(
        "expected null, Boolean, Long, Double, BigDecimal, String, List, Map or ABSENT but found "
            + value.getClass().getName());
  }

  /** The text itself, if UTF-8 can carry it. */
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

  static @Nullable Object read(ByteReader in) {
    return read(in, 0);
  }

  private static @Nullable Object read(ByteReader in, int depth) {
    if (depth > DEEPEST) {
      throw in.bad("values nested at most " + DEEPEST + " deep", "more");
    }
    int tag = in.u8("a value's tag");
    switch (tag) {
      case ABSENT:
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
        long scale = in.zigzag("a scale");
        if (Math.abs(scale) > MOST_SCALE) {
          throw in.bad("a scale of at most " + MOST_SCALE, scale);
        }
        int length = in.length("an unscaled value's length");
        if (length == 0) {
          throw in.bad("an unscaled value of at least a byte", length);
        }
        return new BigDecimal(new BigInteger(in.bytes(length, "a decimal")), (int) scale);
      case TEXT:
        return in.text("a text");
      case LIST:
        @Nullable Object[] elements = new @Nullable Object[in.length("a list's count")];
        for (int i = 0; i < elements.length; i++) {
          elements[i] = read(in, depth + 1);
        }
        return Collections.unmodifiableList(Arrays.asList(elements));
      case OBJECT:
        int members = in.length("an object's count");
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members; i++) {
          object.put(in.text("a key"), read(in, depth + 1));
        }
        return Collections.unmodifiableMap(object);
      default:
        throw in.bad("a value's tag of 0 to " + OBJECT, tag);
    }
  }

  /** An order over canonical values that depends on nothing but them. */
  static int compare(@Nullable Object a, @Nullable Object b) {
    return Arrays.compareUnsigned(bytes(a), bytes(b));
  }

  static byte[] bytes(@Nullable Object value) {
    ByteWriter out = new ByteWriter();
    write(out, value);
    return out.toByteArray();
  }

  /** The distinct values in the order of their bytes. */
  static List<@Nullable Object> sorted(List<@Nullable Object> values) {
    List<@Nullable Object> sorted = new ArrayList<>(values);
    sorted.sort(PlainValue::compare);
    return sorted;
  }
}
