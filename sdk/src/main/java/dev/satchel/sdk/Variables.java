package dev.satchel.sdk;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;

/** Settings as environment variables spell them. An empty variable counts as unset. */
record Variables(Map<String, String> env) {

  String text(String name, String otherwise) {
    String value = env.get(name);
    return value == null || value.isBlank() ? otherwise : value.strip();
  }

  Duration duration(String name, Duration otherwise) {
    String value = text(name, "");
    if (value.isEmpty()) {
      return otherwise;
    }
    String upper = value.toUpperCase(Locale.ROOT);
    try {
      return Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expected %s to be a duration such as 30s, 5m or PT1M but found '%s'"
              .formatted(name, value),
          e);
    }
  }
}
