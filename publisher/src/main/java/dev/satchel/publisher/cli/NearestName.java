package dev.satchel.publisher.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the name that a mistyped one was meant to be. */
final class NearestName {
  private static final int LETTERS_PER_SLIP = 3;

  private NearestName() {}

  /**
   * Returns the name that takes the fewest slips of the fingers, or the only one that begins as
   * what was typed; empty if none is near.
   *
   * @param typed without what all names begin with, such as dashes
   */
  static Optional<String> to(String typed, Collection<String> names) {
    int most = Math.max(1, typed.length() / LETTERS_PER_SLIP);
    Optional<String> nearest =
        names.stream()
            .filter(name -> slips(typed, name) <= most)
            .min(Comparator.comparingInt(name -> slips(typed, name)));
    if (nearest.isPresent()) {
      return nearest;
    }
    List<String> longer =
        names.stream().filter(name -> typed.length() > 1 && name.startsWith(typed)).toList();
    return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
  }

  /** Counts letters that were left out, added, taken for another, or swapped with the next. */
  private static int slips(String a, String b) {
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        slips[i][j] =
            Math.min(Math.min(slips[i - 1][j], slips[i][j - 1]) + 1, slips[i - 1][j - 1] + other);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          slips[i][j] = Math.min(slips[i][j], slips[i - 2][j - 2] + 1);
        }
      }
    }
    return slips[a.length()][b.length()];
  }
}
