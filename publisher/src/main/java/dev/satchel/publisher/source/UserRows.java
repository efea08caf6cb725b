package dev.satchel.publisher.source;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns rows into users, and hands them to a sink. Confined to one thread at a time. */
final class UserRows {
  private static final int NULL = -1;
  private static final byte[] NONE = {};
  private static final int SHOWN_ID_CHARS = 80;

  private final List<Column> columns;
  private final UserSink sink;
  private final KnownValues[] known;
  private final @Nullable Object[] values;
  private final int[] numbers;

  /** The rows at hand, and where the next length among them is. */
  private byte[] bytes = NONE;

  private int at;
  private long users;

  /** Makes users of rows that have these columns, the user id first. */
  UserRows(List<Column> columns, UserSink sink) {
    this.columns = columns;
    this.sink = sink;
    values = new @Nullable Object[columns.size() - 1];
    numbers = new int[values.length];
    known = new KnownValues[columns.size()];
    for (int i = 1; i < known.length; i++) {
      known[i] = new KnownValues(known.length);
    }
  }

  /**
   * Hands over the users of a batch.
   *
   * @throws SourceException if a user cannot be carried; the message names the user
   */
  void handOver(RowBatch batch) {
    for (RowBatch.Chunk chunk : batch.chunks()) {
      bytes = chunk.bytes;
      at = 0;
      while (at < chunk.length()) {
        at += Short.BYTES; // there are as many columns as we selected
        handOverUser();
      }
    }
    bytes = NONE;
  }

  /** Returns how many users were handed over. */
  long users() {
    return users;
  }

  private void handOverUser() {
    users++;
    Object id = id();
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i + 1, id);
    }
    try {
      sink.user(id, values, numbers);
    } catch (IllegalArgumentException e) {
      throw new SourceException(shown(id) + ": " + e.getMessage(), e);
    }
  }

  private Object id() {
    Column column = columns.get(0);
    int length = length();
    Object id = length == NULL ? null : decoded(column, at, length, "");
    if (id == null) {
      throw new SourceException(
          "the user id, column " + column.name() + " of SATCHEL_QUERY, is null in row " + users);
    }
    at += length;
    return id;
  }

  private @Nullable Object value(int number, Object id) {
    numbers[number - 1] = -1;
    int length = length();
    if (length == NULL) {
      return null;
    }
    int from = at;
    at += length;
    Column column = columns.get(number);
    KnownValues ofColumn = known[number];
    Object value = ofColumn.get(bytes, from, length);
    if (value == null) {
      value = decoded(column, from, length, id);
      if (value == null) {
        return null; // JSON's
      }
      ofColumn.add(bytes, from, length, value);
    }
    numbers[number - 1] = ofColumn.number();
    return value;
  }

  private int length() {
    int length = RowBatch.intAt(bytes, at);
    at += Integer.BYTES;
    return length;
  }

  private @Nullable Object decoded(Column column, int from, int length, Object id) {
    try {
      return column.type().decoded(bytes, from, length);
    } catch (IOException e) {
      // its message would quote the value
      throw new SourceException(
          shown(id)
              + ": field "
              + column.name()
              + ": expected JSON at most 1,000 deep and with numbers of at most 200,000 digits but"
              + " found a deeper one, a longer number, or an exponent beyond every number");
    }
  }

  private static String shown(Object id) {
    String text = id.toString();
    return "user id "
        + (text.length() > SHOWN_ID_CHARS ? text.substring(0, SHOWN_ID_CHARS) + "…" : text);
  }
}
