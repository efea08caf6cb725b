package dev.satchel.benchmarks.decision;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the measurements of one report share.
 *
 * @param folder for files that nobody needs afterwards
 */
record Trial(Store store, Path folder, boolean quick) {
  private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000, 1_000_000);

  /** Returns the numbers of users that everything is measured with, the largest last. */
  List<Integer> sizes() {
    return quick ? SIZES.subList(0, SIZES.size() - 1) : SIZES;
  }

  /** Returns the number of users of a measurement that has only one. */
  int users() {
    return sizes().get(sizes().size() - 1);
  }

  /** Returns one of two numbers. */
  int of(int inFull, int whenQuick) {
    return quick ? whenQuick : inFull;
  }

  /** Prints on standard error what is being done. */
  static void say(String format, Object... arguments) {
    System.err.printf(Locale.ROOT, format + "%n", arguments);
  }
}
