package dev.satchel.snapshot;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens a column from its descriptor and its frames. Planes, lengths and bytes are in the frames in
 * the order in which the descriptor names them; a child's frames come at the child's place.
 *
 * <pre>
 * codec           descriptor after the codec's name
 * constant        a {@link PlainValue}
 * values          varint bytes; the bytes are in frames: a {@link PlainValue} for each row
 * dictionary      varint size; planes; child of size rows; the frames of the planes are behind the
 *                 child's; a code of size or above is absent
 * choice          varint children; planes; the children, all over the same rows; a code that has
 *                 no child is absent
 * numbers         i64 smallest; i64 step; planes: a number is smallest + step * code
 * doubles         planes of 64 bits: IEEE 754
 * scaled doubles  u8 scale, 0 to 22; numbers as above, which are divided by 10^scale
 * decimals        zigzag varint scale; numbers as above
 * times           u8 code of a {@link TimeText}; numbers as above, the nearest that have a text
 * uuid texts      16 bytes for each row are in frames: the upper long, then the lower
 * texts           lengths; varint bytes; the bytes are in frames
 * prefixed        varint number of another field; child: what follows that field's text; where a
 *                 row is a user only, and at most {@link LazyField#MAX_LINKS} fields in a chain
 * pattern         varint parts; parts + 1 texts, the literals; for each part u8 least digits (0: a
 *                 text) and its child
 * lists           lengths; varint elements; child over all elements, none of them absent
 * objects         varint keys; for each key its text and its child, absent where there is no member
 * packed          lengths; varint bytes; the bytes are in frames: a {@link PlainValue} for each row
 *
 * lengths         u8 1 or 4, the bytes of each; one for each row is in frames
 * planes          u8 count; u8 for each its width as a power of two; {@link Codes} says what they hold
 * </pre>
 *
 * The limits on the memory for a column and for one of its values are checked here: {@link
 * PlainValue#weight}, {@link SnapshotLayout#objectBytes} and the constants below.
 */
final class ColumnReader {
  /** The deepest nesting of columns. */
  static final int DEEPEST = 64;

  /**
   * The most values of a dictionary, and the most rows of a column that holds values as objects.
   */
  static final int MAX_VALUES = 1 << 16;

  /** The most elements of all lists of one column. */
  private static final int MAX_ELEMENTS = 1 << 27;

  private final Frames frames;
  private final String place;
  private final OtherFields others;
  private int users;
  private long objectBytesLeft;
  private long keptWeightLeft;

  /**
   * @param objectBytes the most bytes of values that may be held as objects
   */
  ColumnReader(Frames frames, String place, OtherFields others, int objectBytes) {
    this.frames = frames;
    this.place = place;
    this.others = others;
    this.objectBytesLeft = objectBytes;
    this.keptWeightLeft = 4L * objectBytes;
  }

  /** The columns of the other fields than the one being opened. */
  interface OtherFields {
    /**
     * Returns the column with this number, or null if there is none that this field may depend on.
     */
    @Nullable Column column(int number);
  }

  Column read(ByteReader in, int rows) {
    users = rows;
    Column column = read(in, rows, 0);
    in.end();
    frames.end();
    return column;
  }

  private Column read(ByteReader in, int rows, int depth) {
    if (depth > DEEPEST) {
      throw in.bad("columns nested at most " + DEEPEST + " deep", "more");
    }
    Column column = column(in, rows, depth);
    if (column.weight() > PlainValue.MAX_WEIGHT) {
      throw in.bad("values of a weight of at most " + PlainValue.MAX_WEIGHT, column.weight());
    }
    return column;
  }

  private Column column(ByteReader in, int rows, int depth) {
    String codec = in.text("a codec's name");
    return switch (codec) {
      case "constant" -> constant(in);
      case "values" -> values(in, rows);
      case "dictionary" -> dictionary(in, rows, depth);
      case "choice" -> choice(in, rows, depth);
      case "numbers" -> numbers(in, rows);
      case "doubles" -> new ScalarColumns.Doubles(frames.codes(in.planes(64), rows));
      case "scaled doubles" -> {
        int scale = in.u8("a scale");
        if (scale > 22) {
          throw in.bad("a scale of at most 22", scale);
        }
        yield new ScalarColumns.ScaledDoubles(numbers(in, rows), scale);
      }
      case "decimals" -> {
        int scale = in.scale(PlainValue.MAX_SCALE);
        yield new ScalarColumns.Decimals(numbers(in, rows), scale);
      }
      case "times" -> {
        int form = in.u8("a form of time");
        if (form >= TimeText.CODES.size()) {
          throw in.bad("a form of time below " + TimeText.CODES.size(), form);
        }
        yield new TextColumns.Times(TimeText.CODES.get(form), numbers(in, rows));
      }
      case "uuid texts" -> new TextColumns.UuidTexts(frames.read(16L * rows, 0, 16 * Byte.SIZE));
      case "texts" -> {
        Lengths lengths = lengths(in, rows, PlainValue.MAX_WEIGHT, Integer.MAX_VALUE);
        yield new TextColumns.Texts(lengths, content(in, lengths));
      }
      case "prefixed" -> prefixed(in, rows, depth);
      case "pattern" -> pattern(in, rows, depth);
      case "lists" -> lists(in, rows, depth);
      case "objects" -> objects(in, rows, depth);
      case "packed" -> {
        Lengths lengths = lengths(in, rows, PlainValue.MAX_WEIGHT, Integer.MAX_VALUE);
        yield new NestedColumns.Packed(lengths, content(in, lengths), rows, place);
      }
      default -> throw in.bad("a codec that this reader knows", codec);
    };
  }

  private Column constant(ByteReader in) {
    int before = in.position();
    Object value = PlainValue.read(in);
    holdAsObjects(in, in.position() - before - 1); // a value that is only a tag needs no object
    return new ScalarColumns.Constant(value);
  }

  private Column values(ByteReader in, int rows) {
    if (rows > MAX_VALUES) {
      throw in.bad("at most " + MAX_VALUES + " rows", rows);
    }
    int bytes = in.varintCount("a count of bytes", Integer.MAX_VALUE);
    holdAsObjects(in, bytes);
    int around = frames.rows();
    frames.setRows(Run.NO_ROWS);
    byte[] content = frames.read(bytes, 0);
    frames.setRows(around);
    ByteReader reader = new ByteReader(content, 0, bytes, place);
    @Nullable Object[] values = new @Nullable Object[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = PlainValue.read(reader);
    }
    reader.end();
    return new ScalarColumns.Values(values, bytes);
  }

  private void holdAsObjects(ByteReader in, int bytes) {
    if (bytes > objectBytesLeft) {
      throw in.bad("at most " + objectBytesLeft + " bytes of values", bytes);
    }
    objectBytesLeft -= bytes;
  }

  private Column dictionary(ByteReader in, int rows, int depth) {
    int size = in.varintCount("a dictionary's size", Math.min(rows, MAX_VALUES));
    int[] planes = in.planes(31);
    int around = frames.rows();
    frames.setRows(Run.NO_ROWS);
    Column entries = read(in, size, depth + 1);
    frames.setRows(around);
    boolean keeps = false;
    if (!(entries instanceof ScalarColumns.Values)) {
      long weight = size * entries.weight();
      keeps = weight <= keptWeightLeft;
      keptWeightLeft -= keeps ? weight : 0;
    }
    Codes codes = frames.codes(planes, rows);
    if (ScalarColumns.Flags.suits(codes, entries, size)) {
      return new ScalarColumns.Flags(codes, entries, size, keeps);
    }
    if (ScalarColumns.NarrowDictionary.suits(codes)) {
      return new ScalarColumns.NarrowDictionary(codes, entries, size, keeps);
    }
    return new ScalarColumns.Dictionary(codes, entries, size, keeps);
  }

  private Column choice(ByteReader in, int rows, int depth) {
    Column[] children = new Column[in.varintCount("a choice's children", 64)];
    int[] planes = in.planes(8);
    int choices = 1 << Codes.width(planes);
    if (children.length > choices) {
      throw in.bad("at most " + choices + " children", children.length);
    }
    Codes codes = frames.codes(planes, rows);
    for (int i = 0; i < children.length; i++) {
      children[i] = read(in, rows, depth + 1);
    }
    return new ScalarColumns.Choice(codes, choices, children);
  }

  private ScalarColumns.Numbers numbers(ByteReader in, int rows) {
    long smallest = in.i64("the smallest number");
    long step = in.i64("a step");
    return new ScalarColumns.Numbers(smallest, step, frames.codes(in.planes(64), rows));
  }

  private Column prefixed(ByteReader in, int rows, int depth) {
    int number = in.varintCount("a field's number", SnapshotLayout.MAX_FIELDS);
    Column other = others.column(number);
    if (other == null) {
      throw in.bad("the number of another field", number);
    }
    if (rows != users) {
      throw in.bad("a row for each of " + users + " users", rows);
    }
    return new TextColumns.Prefixed(other, read(in, rows, depth + 1));
  }

  private Column pattern(ByteReader in, int rows, int depth) {
    int parts = in.length("a count of parts");
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

  private Column lists(ByteReader in, int rows, int depth) {
    Lengths lengths = lengths(in, rows, PlainValue.MAX_WEIGHT, MAX_ELEMENTS);
    int elements = in.varintCount("a count of elements", MAX_ELEMENTS);
    if (elements != lengths.total()) {
      throw in.bad("a count of " + lengths.total() + " elements", elements);
    }
    int around = frames.rows();
    frames.lastRunHasLengths();
    Column all = read(in, elements, depth + 1);
    frames.setRows(around);
    if (all.hasAbsent(elements)) {
      throw in.bad("a value for each element of a list", "an absent one");
    }
    return new NestedColumns.Lists(lengths, all);
  }

  private Column objects(ByteReader in, int rows, int depth) {
    int keys = in.length("a count of keys");
    String[] names = new String[keys];
    Column[] members = new Column[keys];
    Set<String> known = new HashSet<>();
    for (int i = 0; i < keys; i++) {
      names[i] = in.text("a key");
      if (!known.add(names[i])) {
        throw in.bad("keys that differ", names[i]);
      }
      members[i] = read(in, rows, depth + 1);
    }
    return new NestedColumns.Objects(names, members);
  }

  private Lengths lengths(ByteReader in, int rows, int mostEach, int most) {
    int size = in.u8("a length's size");
    return switch (size) {
      case 1 -> {
        byte[] bytes = frames.read(rows, Counts.paddedBytes(rows) - rows);
        yield Lengths.ofBytes(bytes, most, place);
      }
      case 4 ->
          Lengths.ofInts(frames.read(4L * rows, 0, Integer.SIZE), rows, mostEach, most, place);
      default -> throw in.bad("a length's size of 1 or 4", size);
    };
  }

  private byte[] content(ByteReader in, Lengths lengths) {
    int bytes = in.varintCount("a count of bytes", Integer.MAX_VALUE);
    if (bytes != lengths.total()) {
      throw in.bad("a count of " + lengths.total() + " bytes", bytes);
    }
    int around = frames.rows();
    frames.lastRunHasLengths();
    byte[] content = frames.read(bytes, 0);
    frames.setRows(around);
    return content;
  }
}
