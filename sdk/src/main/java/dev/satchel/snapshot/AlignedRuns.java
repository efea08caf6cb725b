package dev.satchel.snapshot;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out which rows of a section's runs are the same as before, given which users are. Confined
 * to one thread.
 */
final class AlignedRuns {
  private final List<Run> before;
  private final List<Run> after;
  private final RowEdits users;
  private final Map<Integer, RowEdits> byLengths = new HashMap<>();

  AlignedRuns(List<Run> before, List<Run> after, RowEdits users) {
    this.before = before;
    this.after = after;
    this.users = users;
  }

  /** Returns whether a run before has the same place and the same kind of rows. */
  boolean hasMatch(int number) {
    return number < before.size()
        && before.get(number).rowBits() == after.get(number).rowBits()
        && before.get(number).rows() == after.get(number).rows();
  }

  /** Returns the edits of the rows of a run that has a match. */
  RowEdits edits(int number) {
    int rows = after.get(number).rows();
    if (rows == Run.USERS) {
      return users;
    } else if (rows == Run.NO_ROWS) {
      return ofEnds(before.get(number), after.get(number));
    }
    return byLengths.computeIfAbsent(rows, this::ofElements);
  }

  /** Keeps what is the same at the start and at the end. */
  private static RowEdits ofEnds(Run before, Run after) {
    int bytes = after.rowBits() >>> 3;
    RowEdits.Builder edits = new RowEdits.Builder();
    if (bytes == 0 || before.length() == after.length()) {
      return RowEdits.NONE;
    }
    int shorter = Math.min(before.length(), after.length());
    int mismatch = Arrays.mismatch(before.bytes(), 0, shorter, after.bytes(), 0, shorter);
    int start = (mismatch < 0 ? shorter : mismatch) / bytes * bytes;
    int end = 0;
    while (end < shorter - start
        && before.bytes()[before.length() - 1 - end] == after.bytes()[after.length() - 1 - end]) {
      end++;
    }
    end = end / bytes * bytes;
    edits.keep(start / bytes);
    edits.drop((before.length() - start - end) / bytes);
    edits.add((after.length() - start - end) / bytes);
    edits.keep(end / bytes);
    return edits.build();
  }

  /**
   * Follows rows whose number of elements is in a run, and keeps the elements of those that stay.
   */
  private RowEdits ofElements(int lengthsRun) {
    if (!hasMatch(lengthsRun)) {
      return RowEdits.NONE;
    }
    Run lengthsBefore = before.get(lengthsRun);
    Run lengths = after.get(lengthsRun);
    RowEdits rows = edits(lengthsRun);
    RowEdits.Builder edits = new RowEdits.Builder();
    rows.forEach(
        rowsOf(lengthsBefore, lengths),
        new RowEdits.Visitor() {
          @Override
          public void keep(int rowBefore, int rowAfter, int count) {
            for (int i = 0; i < count; i++) {
              int was = lengthAt(lengthsBefore, rowBefore + i);
              int is = lengthAt(lengths, rowAfter + i);
              if (was == is) {
                edits.keep(is);
              } else {
                edits.drop(was);
                edits.add(is);
              }
            }
          }

          @Override
          public void drop(int rowBefore, int count) {
            for (int i = 0; i < count; i++) {
              edits.drop(lengthAt(lengthsBefore, rowBefore + i));
            }
          }

          @Override
          public void add(int rowAfter, int count) {
            for (int i = 0; i < count; i++) {
              edits.add(lengthAt(lengths, rowAfter + i));
            }
          }
        });
    return edits.build();
  }

  private static int rowsOf(Run lengthsBefore, Run lengths) {
    int bytes = lengths.rowBits() >>> 3;
    return Math.min(lengthsBefore.length(), lengths.length()) / bytes;
  }

  private static int lengthAt(Run lengths, int row) {
    return lengths.rowBits() == Byte.SIZE
        ? lengths.bytes()[row] & 0xFF
        : LittleEndian.getInt(lengths.bytes(), row * Integer.BYTES);
  }
}
