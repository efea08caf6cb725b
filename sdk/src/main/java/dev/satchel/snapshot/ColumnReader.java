package dev.satchel.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Opens a column from its descriptor and its frames. Planes, lengths and bytes are in the frames in
 * the order in which the descriptor names them; a child's frames come where the child stands.
 *
 * <pre>
 * codec           descriptor after the codec's name
 * constant        a {@link PlainValue}
 * values          varint bytes; the bytes are in frames: a {@link PlainValue} for each row
 * dictionary      varint size; planes; child of size rows; the frames of the planes are behind its own
 * choice          varint children; planes; the children, all over the same rows
 * numbers         i64 smallest; i64 step; planes: a number is smallest + step * code
 * doubles         planes of 64 bits: IEEE 754
 * scaled doubles  u8 scale, 0 to 22; numbers as above, which are divided by 10^scale
 * decimals        zigzag varint scale; numbers as above
 * times           u8 code of a {@link TimeText}; numbers as above
 * uuid texts      16 bytes for each row are in frames: the upper long, then the lower
 * texts           lengths; varint bytes; the bytes are in frames
 * prefixed        varint number of another field; child: what follows that field's text
 * pattern         varint parts; parts + 1 texts, the literals; for each part u8 least digits (0: a
 *                 text) and its child
 * lists           lengths; varint elements; child over all elements
 * objects         varint keys; for each key its text and its child, absent where there is no member
 * packed          lengths; varint bytes; the bytes are in frames: a {@link PlainValue} for each row
 *
 * lengths         u8 1 or 4, the bytes of each; one for each row is in frames
 * planes          u8 count; u8 for each its width as a power of two; {@link Codes} says what they hold
 * </pre>
 */
final class ColumnReader {
  /** Columns within each other. */
  private static final int DEEPEST = 64;

  /** Rows of a column that holds values as objects. */
  static final int MOST_VALUES = 1 << 16;

  private final Frames frames;
  private final String place;
  private final EarlierFields earlier;

  ColumnReader(Frames frames, String place, EarlierFields earlier) {
    this.frames = frames;
    this.place = place;
    this.earlier = earlier;
  }

  /** The columns of the fields that stand before the one that is opened. */
  interface EarlierFields {
    /** The column with this number, or null if it is not before the field that asks. */
    @Nullable Column column(int number);
  }

  Column read(ByteReader in, int rows) {
    Column column = read(in, rows, 0);
    in.end();
    frames.end();
    return column;
  }

  private Column read(ByteReader in, int rows, int depth) {
    if (depth > DEEPEST) {
      throw in.bad("columns nested at most " + DEEPEST + " deep", "more");
    }
    String codec = in.text("a codec's name");
    switch (codec) {
      case "constant":
        return new ScalarColumns.Constant(PlainValue.read(in));
      case "values":
        return values(in, rows);
      case "dictionary":
        int size = count(in, "a dictionary's size", 1 << 30);
        int[] planes = in.planes(31);
        Column entries = read(in, size, depth + 1);
        return new ScalarColumns.Dictionary(frames.codes(planes, rows), entries, size);
      case "choice":
        Column[] children = new Column[count(in, "a choice's children", 64)];
        int[] choicePlanes = in.planes(8);
        int choices = 1 << Codes.width(choicePlanes);
        if (children.length > choices) {
          throw in.bad("at most " + choices + " children", children.length);
        }
        Codes codes = frames.codes(choicePlanes, rows);
        for (int i = 0; i < children.length; i++) {
          children[i] = read(in, rows, depth + 1);
        }
        return new ScalarColumns.Choice(codes, choices, children);
      case "numbers":
        return numbers(in, rows, Long.MIN_VALUE, Long.MAX_VALUE);
      case "doubles":
        return new ScalarColumns.Doubles(frames.codes(in.planes(64), rows));
      case "scaled doubles":
        int places = in.u8("a scale");
        if (places > 22) {
          throw in.bad("a scale of at most 22", places);
        }
        return new ScalarColumns.ScaledDoubles(
            numbers(in, rows, Long.MIN_VALUE, Long.MAX_VALUE), places);
      case "decimals":
        long scale = in.zigzag("a scale");
        if (Math.abs(scale) > 1_000_000) {
          throw in.bad("a scale of at most 1000000", scale);
        }
        return new ScalarColumns.Decimals(
            numbers(in, rows, Long.MIN_VALUE, Long.MAX_VALUE), (int) scale);
      case "times":
        int form = in.u8("a form of time");
        if (form >= TimeText.CODES.size()) {
          throw in.bad("a form of time below " + TimeText.CODES.size(), form);
        }
        TimeText time = TimeText.CODES.get(form);
        return new TextColumns.Times(time, numbers(in, rows, time.smallest(), time.largest()));
      case "uuid texts":
        return new TextColumns.UuidTexts(frames.read(16L * rows, 0));
      case "texts":
        Lengths textLengths = lengths(in, rows, Integer.MAX_VALUE, Integer.MAX_VALUE);
        return new TextColumns.Texts(textLengths, content(in, textLengths));
      case "prefixed":
        long number = in.varint("a field's number");
        Column other =
            number < 0 || number > Integer.MAX_VALUE ? null : earlier.column((int) number);
        if (other == null) {
          throw in.bad("the number of an earlier field", Long.toUnsignedString(number));
        }
        return new TextColumns.Prefixed(other, read(in, rows, depth + 1));
      case "pattern":
        return pattern(in, rows, depth);
      case "lists":
        Lengths listLengths = lengths(in, rows, PlainValue.MOST_ELEMENTS, 1 << 30);
        int elements = count(in, "a count of elements", listLengths.total());
        if (elements != listLengths.total()) {
          throw in.bad("a count of " + listLengths.total() + " elements", elements);
        }
        return new NestedColumns.Lists(listLengths, read(in, elements, depth + 1));
      case "objects":
        int keys = count(in, "a count of keys", in.remaining());
        String[] names = new String[keys];
        Column[] members = new Column[keys];
        for (int i = 0; i < keys; i++) {
          names[i] = in.text("a key");
          members[i] = read(in, rows, depth + 1);
        }
        return new NestedColumns.Objects(names, members);
      case "packed":
        Lengths packedLengths = lengths(in, rows, Integer.MAX_VALUE, Integer.MAX_VALUE);
        return new NestedColumns.Packed(packedLengths, content(in, packedLengths), rows, place);
      default:
        throw in.bad("a codec that this reader knows", codec);
    }
  }

  private Column values(ByteReader in, int rows) {
    if (rows > MOST_VALUES) {
      throw in.bad("at most " + MOST_VALUES + " rows", rows);
    }
    int bytes = count(in, "a count of bytes", Integer.MAX_VALUE);
    byte[] content = frames.read(bytes, 0);
    ByteReader reader = new ByteReader(content, 0, bytes, place);
    @Nullable Object[] values = new @Nullable Object[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = PlainValue.read(reader);
    }
    reader.end();
    return new ScalarColumns.Values(values, bytes);
  }

  private ScalarColumns.Numbers numbers(ByteReader in, int rows, long least, long most) {
    long smallest = in.i64("the smallest number");
    long step = in.i64("a step");
    int[] planes = in.planes(64);
    int width = Codes.width(planes);
    long codes = width == 64 ? -1 : (1L << width) - 1;
    if (least != Long.MIN_VALUE || most != Long.MAX_VALUE) {
      boolean fits =
          step > 0
              && smallest >= least
              && smallest <= most
              && Long.compareUnsigned(codes, Long.divideUnsigned(most - smallest, step)) <= 0;
      if (!fits) {
        throw in.bad("numbers from " + least + " to " + most, "others");
      }
    }
    return new ScalarColumns.Numbers(smallest, step, frames.codes(planes, rows));
  }

  private Column pattern(ByteReader in, int rows, int depth) {
    int parts = count(in, "a count of parts", in.remaining());
    String[] literals = new String[parts + 1];
    for (int i = 0; i <= parts; i++) {
      literals[i] = in.text("a literal");
    }
    int[] digits = new int[parts];
    Column[] children = new Column[parts];
    for (int i = 0; i < parts; i++) {
      digits[i] = in.u8("least digits");
      children[i] = read(in, rows, depth + 1);
    }
    return new TextColumns.Pattern(literals, children, digits);
  }

  private Lengths lengths(ByteReader in, int rows, int mostEach, int most) {
    int size = in.u8("a length's size");
    return switch (size) {
      case 1 -> {
        byte[] bytes = frames.read(rows, Counts.paddedBytes(rows) - rows);
        yield Lengths.ofBytes(bytes, most, place);
      }
      case 4 -> Lengths.ofInts(frames.read(4L * rows, 0), rows, mostEach, most, place);
      default -> throw in.bad("a length's size of 1 or 4", size);
    };
  }

  private byte[] content(ByteReader in, Lengths lengths) {
    int bytes = count(in, "a count of bytes", lengths.total());
    if (bytes != lengths.total()) {
      throw in.bad("a count of " + lengths.total() + " bytes", bytes);
    }
    return frames.read(bytes, 0);
  }

  private static int count(ByteReader in, String what, int most) {
    long count = in.varint(what);
    if (count < 0 || count > most) {
      throw in.bad(what + " of at most " + most, Long.toUnsignedString(count));
    }
    return (int) count;
  }
}
