package dev.satchel.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the demo logs, and in which form.
 *
 * @param isJson whether each line is a JSON object
 * @param level the lowest level that is logged
 */
record LogOptions(boolean isJson, Level level) {
  private static final List<Level> LEVELS =
      List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);

  /** Reads {@code SATCHEL_LOG} and {@code SATCHEL_LOG_LEVEL}; an empty one counts as unset. */
  static LogOptions fromEnv(Map<String, String> env) {
    String format = word(env, "SATCHEL_LOG");
    if (!List.of("", "text", "json").contains(format)) {
      throw new IllegalArgumentException(
          "expected SATCHEL_LOG to be text or json but found '%s'".formatted(format));
    }
    return new LogOptions(format.equals("json"), level(word(env, "SATCHEL_LOG_LEVEL")));
  }

  private static String word(Map<String, String> env, String variable) {
    return env.getOrDefault(variable, "").strip().toLowerCase(Locale.ROOT);
  }

  private static Level level(String word) {
    if (word.isEmpty()) {
      return Level.INFO;
    }
    return LEVELS.stream()
        .filter(level -> level.toString().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected SATCHEL_LOG_LEVEL to be error, warn, info, debug or trace but found '%s'"
                        .formatted(word)));
  }

  /** Makes the log of this process so. */
  void apply() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger("dev.satchel").setLevel(level);
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
    if (isJson) {
      root.iteratorForAppenders().forEachRemaining(LogOptions::writeJson);
    }
  }

  private static void writeJson(Appender<ILoggingEvent> appender) {
    if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
      var lines = new JsonLines();
      lines.setContext(stream.getContext());
      lines.start();
      stream.setEncoder(lines);
    }
  }
}
