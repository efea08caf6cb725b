package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form of texts of one length with few characters in each place, such as {@code cus_9sXq2LmT}.
 * The characters that vary are the digits of a number in a mixed radix (Knuth, The Art of Computer
 * Programming, 4.1), highest digit first.
 */
final class RadixText implements TextForm {
  /** The most UTF-16 units of a text. */
  static final int MAX_LENGTH = 512;

  /** The most runs: a descriptor counts them in a byte. */
  static final int MAX_RUNS = 255;

  /** The largest span from the smallest to the largest character of a place, both included. */
  static final int MAX_SPAN = 1024;

  private static final int MAX_BITS = 128;

  /**
   * Neighbouring places.
   *
   * @param characters the characters that each place may have, ascending; or the fixed text itself,
   *     if {@code places} is 0
   */
  record Run(String characters, int places) {
    private int length() {
      return places == 0 ? characters.length() : places;
    }

    private boolean isSound() {
      if (places == 0) {
        return !characters.isEmpty();
      }
      int last = characters.length() - 1;
      for (int i = 0; i <= last; i++) {
        if (Character.isSurrogate(characters.charAt(i))
            || (i > 0 && characters.charAt(i) <= characters.charAt(i - 1))) {
          return false;
        }
      }
      return last > 0 && characters.charAt(last) - characters.charAt(0) < MAX_SPAN;
    }
  }

  private final List<Run> runs;
  private final Part[] parts;
  private final int length;
  private final int bits;

  private RadixText(List<Run> runs, int length, int bits) {
    this.runs = runs;
    this.length = length;
    this.bits = bits;
    this.parts = runs.stream().flatMap(run -> Part.of(run).stream()).toArray(Part[]::new);
  }

  /**
   * Returns the form of these runs; null if a run is not valid, or they are too long or too many.
   */
  static @Nullable RadixText of(List<Run> runs) {
    if (runs.size() > MAX_RUNS) {
      return null;
    }
    BigInteger numbers = BigInteger.ONE;
    int length = 0;
    int bits = 0;
    for (Run run : runs) {
      if (!run.isSound() || run.length() > MAX_LENGTH - length) {
        return null;
      }
      length += run.length();
      if (run.places > 0) {
        numbers = numbers.multiply(BigInteger.valueOf(run.characters.length()).pow(run.places));
      }
      bits = numbers.subtract(BigInteger.ONE).bitLength();
      if (bits > MAX_BITS) {
        return null;
      }
    }
    return new RadixText(List.copyOf(runs), length, bits);
  }

  /**
   * Returns the form that all texts have; null if there is none. Their order makes no difference.
   */
  static @Nullable RadixText of(int users, IntFunction<String> texts) {
    BitSet[] seen = new BitSet[texts.apply(0).length()];
    if (seen.length > MAX_LENGTH) {
      return null;
    }
    Arrays.setAll(seen, place -> new BitSet());
    for (int i = 0; i < users; i++) {
      String text = texts.apply(i);
      if (text.length() != seen.length) {
        return null;
      }
      for (int place = 0; place < seen.length; place++) {
        seen[place].set(text.charAt(place));
      }
    }
    List<Run> found = new ArrayList<>();
    for (int from = 0; from < seen.length; ) {
      Run run = runAt(seen, from);
      found.add(run);
      from += run.length();
    }
    return of(found);
  }

  /**
   * Returns the run that starts at this place: places that are all fixed, or whose characters are
   * alike.
   */
  private static Run runAt(BitSet[] seen, int from) {
    BitSet characters = seen[from];
    int to = from + 1;
    if (characters.cardinality() == 1) {
      while (to < seen.length && seen[to].cardinality() == 1) {
        to++;
      }
      var fixed = Arrays.stream(seen, from, to).map(RadixText::textOf);
      return new Run(fixed.collect(Collectors.joining()), 0);
    }
    while (to < seen.length && seen[to].cardinality() > 1 && areAlike(characters, seen[to])) {
      characters.or(seen[to]);
      to++;
    }
    return new Run(textOf(characters), to - from);
  }

  /** Returns whether allowing two places the characters of both costs little. */
  private static boolean areAlike(BitSet some, BitSet others) {
    var both = (BitSet) some.clone();
    both.or(others);
    return both.cardinality() <= 2 * Math.min(some.cardinality(), others.cardinality());
  }

  private static String textOf(BitSet characters) {
    var text = new StringBuilder();
    characters.stream().forEach(c -> text.append((char) c));
    return text.toString();
  }

  List<Run> runs() {
    return runs;
  }

  @Override
  public void describe(ByteWriter out) {
    out.text("text radix");
    out.u8(runs.size());
    for (Run run : runs) {
      out.varint(run.places());
      out.text(run.characters());
    }
  }

  /** Returns how many bits the largest number has, 0 to 128. */
  int bits() {
    return bits;
  }

  @Override
  public int find(String text, NumberSearch ids, @Nullable Column next) {
    if (text.length() != length) {
      return NO_USER;
    }
    long high = 0;
    long low = 0;
    int at = 0;
    for (Part part : parts) {
      if (part.literal != null) {
        if (!text.startsWith(part.literal, at)) {
          return NO_USER;
        }
        at += part.literal.length();
        continue;
      }
      long value = 0;
      int bad = 0;
      for (int end = at + part.places; at < end; at++) {
        int digit = part.digitOf(text.charAt(at));
        bad |= digit;
        value = value * part.radix + digit;
      }
      if (bad < 0) {
        return NO_USER;
      }
      high = high * part.numbers + multiplyHigh(low, part.numbers);
      low = low * part.numbers + value;
      high += Long.compareUnsigned(low, value) < 0 ? 1 : 0;
    }
    return ids.find(high, low, next);
  }

  /** Returns the upper word of the product of an unsigned number and a non-negative one. */
  private static long multiplyHigh(long unsigned, long factor) {
    return Math.multiplyHigh(unsigned, factor) + ((unsigned >> 63) & factor);
  }

  @Override
  public long @Nullable [] parse(String text) {
    long[] words = new long[2];
    int found =
        find(
            text,
            (high, low, next) -> {
              words[0] = high;
              words[1] = low;
              return 0;
            },
            null);
    return found == NO_USER ? null : words;
  }

  @Override
  public String text(long high, long low) {
    char[] text = new char[length];
    int at = length;
    BigInteger wide = high == 0 ? null : unsigned(high).shiftLeft(Long.SIZE).or(unsigned(low));
    long narrow = low;
    for (int i = parts.length - 1; i >= 0; i--) {
      Part part = parts[i];
      if (part.literal != null) {
        at -= part.literal.length();
        part.literal.getChars(0, part.literal.length(), text, at);
        continue;
      }
      long value;
      if (wide != null) {
        BigInteger[] both = wide.divideAndRemainder(BigInteger.valueOf(part.numbers));
        wide = both[0];
        value = both[1].longValue();
      } else {
        value = Long.remainderUnsigned(narrow, part.numbers);
        narrow = Long.divideUnsigned(narrow, part.numbers);
      }
      for (int place = 0; place < part.places; place++) {
        text[--at] = part.characters.charAt((int) (value % part.radix));
        value /= part.radix;
      }
    }
    return String.valueOf(text);
  }

  private static BigInteger unsigned(long word) {
    return new BigInteger(Long.toUnsignedString(word));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RadixText form && runs.equals(form.runs);
  }

  @Override
  public int hashCode() {
    return runs.hashCode();
  }

  /** A run, or as many of its places as fit into a long, in a form that is quick to read. */
  private static final class Part {
    private final @Nullable String literal;
    private final String characters;
    private final int places;
    private final int radix;

    /** How many numbers the digits can make, below 2^63. */
    private final long numbers;

    private final int first;

    /** The digit for each character from the first one on, or -1. */
    private final short[] digits;

    private Part(Run run, int places) {
      this.literal = run.places == 0 ? run.characters : null;
      this.characters = run.characters;
      this.places = places;
      this.radix = characters.length();
      this.numbers = BigInteger.valueOf(radix).pow(places).longValueExact();
      this.first = characters.charAt(0);
      this.digits = new short[run.places == 0 ? 0 : characters.charAt(radix - 1) - first + 1];
      Arrays.fill(digits, (short) -1);
      for (int digit = 0; run.places > 0 && digit < radix; digit++) {
        digits[characters.charAt(digit) - first] = (short) digit;
      }
    }

    static List<Part> of(Run run) {
      if (run.places == 0) {
        return List.of(new Part(run, 0));
      }
      int most = 1;
      BigInteger radix = BigInteger.valueOf(run.characters.length());
      while (radix.pow(most + 1).bitLength() < Long.SIZE) {
        most++;
      }
      List<Part> parts = new ArrayList<>();
      for (int left = run.places; left > 0; left -= most) {
        parts.add(new Part(run, Math.min(most, left)));
      }
      return parts;
    }

    int digitOf(char c) {
      int at = c - first;
      return at >= 0 && at < digits.length ? digits[at] : -1;
    }
  }
}
