package dev.satchel.publisher.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Passes on an {@link OutOfMemoryError} that Vert.x or Netty can only log, to the handler of the
 * threads that end with one. What they were about to do will not be done, and nobody waits for a
 * log line.
 */
final class LoggedErrors extends TurboFilter {
  private static final String LIBRARIES = "io.";

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] values,
      @Nullable Throwable thrown) {
    if (logger.getName().startsWith(LIBRARIES)) {
      passOn(thrown);
      if (values != null) {
        for (Object value : values) {
          passOn(value);
        }
      }
    }
    return FilterReply.NEUTRAL;
  }

  private static void passOn(@Nullable Object logged) {
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    if (logged instanceof OutOfMemoryError error && handler != null) {
      handler.uncaughtException(Thread.currentThread(), error);
    }
  }
}
