package dev.satchel.publisher.text;

import java.util.Map;

/** The variables of the process, as settings read them. */
public final class Variables {
  private Variables() {}

  /**
   * Returns a variable's value, or {@code otherwise} if it is not set. A blank value counts as not
   * set, because Compose and CI files leave variables blank.
   */
  public static String get(Map<String, String> env, String name, String otherwise) {
    String value = env.getOrDefault(name, "");
    return value.isBlank() ? otherwise : value;
  }
}
