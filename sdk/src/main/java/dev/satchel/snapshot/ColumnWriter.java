package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how to lay out the values of a column, and writes them. Every choice depends only on the
 * values in the order of their rows, so equal rows give equal bytes.
 */
final class ColumnWriter {
  /** Columns of at most this many rows, most of them distinct, are written value by value. */
  private static final int FEW = 256;

  /** Objects with more keys than this are maps of data, not records, and are packed. */
  private static final int MAX_KEYS = 256;

  /** A dictionary pays only if there are at least this many rows for each distinct value. */
  private static final int ROWS_PER_VALUE = 4;

  /**
   * A dictionary up to this size is read faster than values could be computed, so nothing else is
   * tried.
   */
  private static final int SMALL_DICTIONARY = 256;

  /** About how many rows tell whether a dictionary pays. */
  private static final int SAMPLE = 1 << 16;

  private final FrameWriter frames;
  private final List<@Nullable Rows> others;
  private final Set<Integer> prefixes = new TreeSet<>();
  private int objectBytesLeft;
  private boolean nested;

  /**
   * @param others the fields whose texts may be prefixes of this field's texts; null for fields
   *     that may not
   * @param objectBytes the most bytes of values that may be held as objects
   */
  ColumnWriter(FrameWriter frames, List<@Nullable Rows> others, int objectBytes) {
    this.frames = frames;
    this.others = others;
    this.objectBytesLeft = objectBytes;
  }

  /** Returns the numbers of the fields that were used as prefixes. */
  Set<Integer> prefixes() {
    return prefixes;
  }

  /** Returns the column's descriptor; its frames are in the frame writer. */
  ByteWriter write(Rows rows) {
    int firstFrame = frames.frames();
    ByteWriter descriptor = new ByteWriter();
    write(descriptor, rows, true, 0);
    if (isReadable(descriptor, firstFrame, rows.size())) {
      return descriptor;
    }
    frames.keep(firstFrame);
    ByteWriter packed = new ByteWriter();
    writePacked(packed, rows);
    return packed;
  }

  /**
   * Returns whether what was written is within a reader's limits. Nested columns can exceed them
   * although no value is too large; then each value is written by itself, which never exceeds them.
   */
  private boolean isReadable(ByteWriter descriptor, int firstFrame, int rows) {
    if (descriptor.length() > SnapshotLayout.MAX_DESCRIPTOR_BYTES) {
      return false;
    }
    if (!nested) {
      return true;
    }
    Column anyText = new ScalarColumns.Constant("");
    byte[] bytes = descriptor.toByteArray();
    try {
      new ColumnReader(
              frames.reader(firstFrame, "what was written"),
              "what was written",
              number -> anyText,
              Integer.MAX_VALUE)
          .read(new ByteReader(bytes, 0, bytes.length, "what was written"), rows);
      return true;
    } catch (SnapshotFormatException e) {
      return false;
    }
  }

  private void write(ByteWriter out, Rows given, boolean mayRepeat, int depth) {
    int size = given.size();
    if (size == 0) {
      out.text("constant");
      PlainValue.write(out, Snapshot.ABSENT);
      return;
    }
    Distinct distinct = mayRepeat ? given.distinct() : null;
    Rows rows = distinct == null ? given : distinct.rows();
    boolean few = size <= FEW && (distinct == null || distinct.size() > size / 2);
    if (distinct != null && distinct.size() == 1 && writeConstant(out, rows.get(0))) {
      return;
    }
    if (few && writeValues(out, rows)) {
      return;
    }
    if (distinct == null || distinct.size() > Math.max(FEW, size / ROWS_PER_VALUE) || few) {
      writeForms(out, rows, depth);
    } else if (distinct.size() <= SMALL_DICTIONARY) {
      writeDictionary(out, rows, distinct, depth);
    } else {
      writeSmaller(out, rows, distinct, depth);
    }
  }

  /**
   * With many distinct values, a dictionary may or may not pay. If it pays for a sample, it pays
   * even more for all rows; otherwise both ways are tried.
   */
  private void writeSmaller(ByteWriter out, Rows rows, Distinct distinct, int depth) {
    int every = rows.size() / SAMPLE;
    if (every > 1 && (depth > 0 || others.stream().allMatch(Objects::isNull))) {
      Distinct sample = distinct.sample(every);
      ColumnWriter trial = new ColumnWriter(new FrameWriter(), List.of(), objectBytesLeft);
      if (trial.writeBoth(new ByteWriter(), sample.rows(), sample, depth)) {
        writeDictionary(out, rows, distinct, depth);
        return;
      }
    }
    writeBoth(out, rows, distinct, depth);
  }

  /** Writes the smaller of both ways, and returns whether that is the dictionary. */
  private boolean writeBoth(ByteWriter out, Rows rows, Distinct distinct, int depth) {
    ColumnWriter asDictionary = new ColumnWriter(new FrameWriter(), others, objectBytesLeft);
    ByteWriter dictionaryOut = new ByteWriter();
    asDictionary.writeDictionary(dictionaryOut, rows, distinct, depth);
    ColumnWriter asForms = new ColumnWriter(new FrameWriter(), others, objectBytesLeft);
    ByteWriter formsOut = new ByteWriter();
    asForms.writeForms(formsOut, rows, depth);
    boolean dictionary =
        asDictionary.frames.storedBytes() + dictionaryOut.length()
            <= asForms.frames.storedBytes() + formsOut.length();
    ColumnWriter smaller = dictionary ? asDictionary : asForms;
    out.bytes((dictionary ? dictionaryOut : formsOut).toByteArray());
    frames.append(smaller.frames);
    prefixes.addAll(smaller.prefixes);
    objectBytesLeft = smaller.objectBytesLeft;
    nested |= smaller.nested;
    return dictionary;
  }

  /** Writes nothing and returns false if the value is too large to be held as an object. */
  private boolean writeConstant(ByteWriter out, @Nullable Object value) {
    byte[] bytes = PlainValue.bytes(value);
    if (!holdAsObjects(bytes.length - 1)) {
      return false;
    }
    out.text("constant");
    out.bytes(bytes);
    return true;
  }

  /** Writes nothing and returns false if the values are too large to be held as objects. */
  private boolean writeValues(ByteWriter out, Rows rows) {
    ByteWriter values = new ByteWriter();
    for (int row = 0; row < rows.size(); row++) {
      PlainValue.write(values, rows.get(row));
    }
    if (!holdAsObjects(values.length())) {
      return false;
    }
    out.text("values");
    out.varint(values.length());
    frames.write(values.toByteArray(), FrameWriter.TEXT_LEVEL);
    return true;
  }

  private boolean holdAsObjects(int bytes) {
    if (bytes > objectBytesLeft) {
      return false;
    }
    objectBytesLeft -= bytes;
    return true;
  }

  private void writeDictionary(ByteWriter out, Rows rows, Distinct distinct, int depth) {
    int width = Codes.widthFor(distinct.size() - 1);
    int[] planes = PlaneWriter.choose(width, rows.size(), distinct::code);
    out.text("dictionary");
    out.varint(distinct.size());
    out.planes(planes);
    Rows entries = distinct.entries();
    if (entries.size() > SMALL_DICTIONARY || !writeValues(out, entries)) {
      write(out, entries, false, depth + 1);
    }
    PlaneWriter.writePlanes(frames, planes, rows.size(), distinct::code);
  }

  private void writeForms(ByteWriter out, Rows rows, int depth) {
    Forms forms = Forms.of(rows, depth == 0 ? others : List.of());
    if (forms.list().size() == 1) {
      writeForm(out, forms.list().get(0), rows, depth);
      return;
    }
    int width = Codes.widthFor(forms.list().size() - 1);
    out.text("choice");
    out.varint(forms.list().size());
    PlaneWriter.write(out, frames, width, rows.size(), forms::formOf);
    for (int i = 0; i < forms.list().size(); i++) {
      writeForm(out, forms.list().get(i), forms.rowsOf(i, rows), depth + 1);
    }
  }

  private void writeForm(ByteWriter out, Form form, Rows rows, int depth) {
    switch (form.kind()) {
      case CONSTANT -> {
        out.text("constant");
        PlainValue.write(out, form.constant());
      }
      case LONG -> {
        out.text("numbers");
        NumberWriter.write(out, frames, rows.size(), row -> (Long) value(rows, row));
      }
      case DOUBLE -> NumberWriter.writeDoubles(out, frames, rows);
      case DECIMAL -> writeDecimals(out, rows);
      case TIME -> {
        out.text("times");
        out.u8(form.time().code());
        NumberWriter.write(out, frames, rows.size(), row -> form.number((String) value(rows, row)));
      }
      case UUID -> writeUuids(out, rows);
      case PREFIXED -> {
        Rows other = Objects.requireNonNull(others.get(form.number()));
        prefixes.add(form.number());
        out.text("prefixed");
        out.varint(form.number());
        write(out, ValueBuffer.copyOf(form.restRows(rows, other)).rows(), true, depth + 1);
      }
      case PATTERN -> writePattern(out, form.pattern(), rows, depth);
      case TEXT -> writeTexts(out, rows);
      case LIST -> writeLists(out, rows, depth);
      case OBJECT -> writeObjects(out, rows, depth);
    }
  }

  private void writeDecimals(ByteWriter out, Rows rows) {
    int scale = ((BigDecimal) value(rows, 0)).scale();
    for (int row = 0; row < rows.size(); row++) {
      BigDecimal number = (BigDecimal) value(rows, row);
      if (number.scale() != scale || number.unscaledValue().bitLength() > 63) {
        writePacked(out, rows);
        return;
      }
    }
    out.text("decimals");
    out.zigzag(scale);
    NumberWriter.write(
        out,
        frames,
        rows.size(),
        row -> ((BigDecimal) value(rows, row)).unscaledValue().longValue());
  }

  private void writeUuids(ByteWriter out, Rows rows) {
    out.text("uuid texts");
    byte[] words = new byte[16];
    frames.begin(FrameWriter.PLAIN_LEVEL);
    for (int row = 0; row < rows.size(); row++) {
      UUID uuid = UUID.fromString((String) value(rows, row));
      LittleEndian.putLong(words, 0, uuid.getMostSignificantBits());
      LittleEndian.putLong(words, 8, uuid.getLeastSignificantBits());
      frames.put(words, 0, words.length);
    }
    frames.end();
  }

  private void writePattern(ByteWriter out, TextPattern pattern, Rows rows, int depth) {
    out.text("pattern");
    out.varint(pattern.parts());
    for (int i = 0; i <= pattern.parts(); i++) {
      out.text(pattern.literal(i));
    }
    LongList[] numbers = new LongList[pattern.parts()];
    ValueBuffer[] words = new ValueBuffer[pattern.parts()];
    for (int i = 0; i < pattern.parts(); i++) {
      numbers[i] = new LongList();
      words[i] = new ValueBuffer();
    }
    String[] parts = new String[pattern.parts()];
    for (int row = 0; row < rows.size(); row++) {
      pattern.split((String) value(rows, row), parts);
      for (int i = 0; i < parts.length; i++) {
        if (pattern.digits(i) > 0) {
          numbers[i].add(Long.parseLong(parts[i]));
        } else {
          words[i].add(parts[i]);
        }
      }
    }
    for (int i = 0; i < parts.length; i++) {
      out.u8(pattern.digits(i));
      if (pattern.digits(i) > 0) {
        out.text("numbers");
        NumberWriter.write(out, frames, rows.size(), numbers[i]::get);
      } else {
        write(out, words[i].rows(), true, depth + 1);
      }
    }
  }

  private void writeTexts(ByteWriter out, Rows rows) {
    writeBytes(
        out, "texts", rows, row -> ((String) value(rows, row)).getBytes(StandardCharsets.UTF_8));
  }

  private void writePacked(ByteWriter out, Rows rows) {
    writeBytes(out, "packed", rows, row -> PlainValue.bytes(rows.get(row)));
  }

  /** Gives the bytes of each row. */
  private interface ByteSource {
    byte[] at(int row);
  }

  private void writeBytes(ByteWriter out, String codec, Rows rows, ByteSource bytes) {
    out.text(codec);
    out.varint(writeLengths(out, rows.size(), row -> bytes.at(row).length));
    frames.begin(FrameWriter.TEXT_LEVEL);
    for (int row = 0; row < rows.size(); row++) {
      byte[] content = bytes.at(row);
      frames.put(content, 0, content.length);
    }
    frames.end();
  }

  /** Writes the length of each row, and returns the sum. */
  private int writeLengths(ByteWriter out, int rows, Codes.CodeSource lengths) {
    long total = 0;
    long longest = 0;
    for (int row = 0; row < rows; row++) {
      total += lengths.at(row);
      longest = Math.max(longest, lengths.at(row));
    }
    if (total > SnapshotLayout.MAX_OPENED_BYTES) {
      throw new IllegalArgumentException(
          "expected values of at most %d bytes in all but found %d"
              .formatted(SnapshotLayout.MAX_OPENED_BYTES, total));
    }
    int size = longest <= 255 ? 1 : Integer.BYTES;
    out.u8(size);
    byte[] length = new byte[Integer.BYTES];
    frames.begin(FrameWriter.PLAIN_LEVEL);
    for (int row = 0; row < rows; row++) {
      LittleEndian.putInt(length, 0, (int) lengths.at(row));
      frames.put(length, 0, size);
    }
    frames.end();
    return (int) total;
  }

  private void writeLists(ByteWriter out, Rows rows, int depth) {
    nested = true;
    if (depth >= Forms.DEEPEST) {
      writePacked(out, rows);
      return;
    }
    out.text("lists");
    int elements = writeLengths(out, rows.size(), row -> ((List<?>) value(rows, row)).size());
    out.varint(elements);
    write(out, elements(rows).rows(), true, depth + 1);
  }

  /** Returns the elements of all lists, one list after the other. */
  private static ValueBuffer elements(Rows lists) {
    ValueBuffer all = new ValueBuffer();
    Distinct distinct = lists.distinct();
    if (distinct == null) {
      for (int row = 0; row < lists.size(); row++) {
        ((List<?>) value(lists, row)).forEach(all::add);
      }
      return all;
    }
    Map<@Nullable Object, Integer> numbers = new HashMap<>();
    int[][] numbered = new int[distinct.size()][];
    for (int i = 0; i < numbered.length; i++) {
      numbered[i] =
          ((List<?>) value(distinct.entries(), i))
              .stream()
                  .mapToInt(
                      element -> numbers.computeIfAbsent(ValueKey.of(element), n -> numbers.size()))
                  .toArray();
    }
    for (int row = 0; row < lists.size(); row++) {
      int element = 0;
      int[] ofList = numbered[(int) distinct.code(row)];
      for (Object value : (List<?>) value(lists, row)) {
        all.add(value, ofList[element++]);
      }
    }
    return all;
  }

  private void writeObjects(ByteWriter out, Rows rows, int depth) {
    nested = true;
    TreeSet<String> keys = new TreeSet<>();
    for (int row = 0; row < rows.size() && keys.size() <= MAX_KEYS; row++) {
      for (Object key : ((Map<?, ?>) value(rows, row)).keySet()) {
        keys.add((String) key);
      }
    }
    if (keys.size() > MAX_KEYS || depth >= Forms.DEEPEST) {
      writePacked(out, rows);
      return;
    }
    out.text("objects");
    out.varint(keys.size());
    Map<String, ValueBuffer> members = new LinkedHashMap<>();
    keys.forEach(key -> members.put(key, new ValueBuffer()));
    for (int row = 0; row < rows.size(); row++) {
      Map<?, ?> object = (Map<?, ?>) value(rows, row);
      members.forEach(
          (key, buffer) -> {
            Object member = object.get(key);
            boolean present = member != null || object.containsKey(key);
            buffer.add(present ? member : Snapshot.ABSENT);
          });
    }
    members.forEach(
        (key, buffer) -> {
          out.text(key);
          write(out, buffer.rows(), true, depth + 1);
        });
  }

  /** Returns the value of a row whose form says that it is not null. */
  static Object value(Rows rows, int row) {
    return Objects.requireNonNull(rows.get(row));
  }
}
