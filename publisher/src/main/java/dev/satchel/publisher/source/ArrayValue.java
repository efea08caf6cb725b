package dev.satchel.publisher.source;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of texts or integers as PostgreSQL sends it: the number of dimensions, whether there are
 * nulls, the type of the elements, for each dimension its length and its first index, and then the
 * elements, each with its length before it. Its value is what {@code to_json} says of it: lists in
 * lists, whatever the first indexes are.
 */
final class ArrayValue {
  private static final int NULL = -1;
  private static final int SMALLINT = 21; // the types' oids, which stand in pg_type.dat
  private static final int BIGINT = 20;
  private static final int INTEGER = 23;

  private final byte[] bytes;
  private final boolean areIntegers;
  private final int[] lengths;
  private int at;

  ArrayValue(byte[] bytes, int from) {
    this.bytes = bytes;
    at = from;
    lengths = new int[next()];
    next();
    int type = next();
    areIntegers = type == SMALLINT || type == INTEGER || type == BIGINT;
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = next();
      next();
    }
  }

  /** Returns the elements, once; nobody can change the list. */
  List<@Nullable Object> list() {
    return lengths.length == 0 ? List.of() : list(0);
  }

  private List<@Nullable Object> list(int dimension) {
    @Nullable Object[] elements = new @Nullable Object[lengths[dimension]];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = dimension == lengths.length - 1 ? element() : list(dimension + 1);
    }
    return Collections.unmodifiableList(Arrays.asList(elements));
  }

  private @Nullable Object element() {
    int length = next();
    if (length == NULL) {
      return null;
    }
    int from = at;
    at += length;
    return areIntegers
        ? (Object) ColumnType.integer(bytes, from, length)
        : ColumnType.text(bytes, from, length);
  }

  private int next() {
    int number = RowBatch.intAt(bytes, at);
    at += Integer.BYTES;
    return number;
  }
}
