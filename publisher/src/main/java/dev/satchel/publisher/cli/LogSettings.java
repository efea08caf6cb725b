package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * What this process logs, and in which form.
 *
 * @param isJson whether each line is a JSON object
 * @param level the lowest level that is logged
 */
record LogSettings(boolean isJson, Level level) {
  static final Setting<Boolean> FORMAT =
      Setting.of("SATCHEL_LOG", new Grammar<>("text or json", LogSettings::format))
          .byDefault("text")
          .means("the log: text, or json for one JSON object a line");

  static final Setting<Level> LEVEL =
      Setting.of(
              "SATCHEL_LOG_LEVEL",
              new Grammar<>("error, warn, info, debug or trace", LogSettings::level))
          .byDefault("info")
          .means("the lowest level that is logged: error, warn, info, debug or trace");

  private static Optional<Boolean> format(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "text" -> Optional.of(false);
      case "json" -> Optional.of(true);
      default -> Optional.empty();
    };
  }

  private static Optional<Level> level(String text) {
    return Arrays.stream(Level.values())
        .filter(level -> level.toString().equalsIgnoreCase(text.strip()))
        .findFirst();
  }

  /** Reads the variables. Each that is wrong adds a line to {@code problems}. */
  static LogSettings fromEnv(Map<String, String> env, List<String> problems) {
    return new LogSettings(FORMAT.read(env, problems), LEVEL.read(env, problems));
  }

  /** Returns whether the log is JSON. A wrong value counts as text; it is reported elsewhere. */
  static boolean isJson(Map<String, String> env) {
    return FORMAT.read(env, new ArrayList<>());
  }

  /** Returns the same that logs at least at this level. */
  LogSettings atLeast(Level other) {
    return other.toInt() >= level.toInt() ? this : new LogSettings(isJson, other);
  }
}
