package dev.satchel.sdk;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the name that was probably meant. */
final class Similar {
  private static final int LONGEST = 64;

  /** How many names are compared: each takes some microseconds. */
  private static final int MOST = 256;

  private Similar() {}

  /** Returns {@code ", did you mean x?"}, or nothing if no name is similar. */
  static String inWords(String name, Collection<String> names) {
    if (name.length() > LONGEST) {
      return "";
    }
    int far = Math.max(1, name.length() / 3);
    return names.stream()
        .filter(other -> Math.abs(other.length() - name.length()) <= far)
        .limit(MOST)
        .filter(other -> distance(plain(name), plain(other)) <= far)
        .min(Comparator.comparingInt(other -> distance(plain(name), plain(other))))
        .map(", did you mean %s?"::formatted)
        .orElse("");
  }

  /** Returns the letters of a name in snake case, camel case or any other. */
  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** Returns how many letters have to be added, taken away or replaced. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
