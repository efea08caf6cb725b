package dev.satchel.publisher.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of this process. A class of its own, because help does without logback. */
final class ProcessLog {
  private static final LoggedErrors LOGGED_ERRORS = new LoggedErrors();

  private ProcessLog() {}

  /** Makes the log of this process follow the settings. */
  static void follow(LogSettings settings) {
    Level level = Level.convertAnSLF4JLevel(settings.level());
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger("dev.satchel").setLevel(level);
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
    context.getTurboFilterList().addIfAbsent(LOGGED_ERRORS);
    if (settings.isJson()) {
      root.iteratorForAppenders().forEachRemaining(ProcessLog::writeJson);
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
