package dev.satchel.sdk;

import dev.satchel.sdk.source.SourceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Interprets the reasons why attempts fail. */
final class Failures {
  /** A wrong header must not silence a client for ever. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  private Failures() {}

  /** Returns how long the source asked clients to wait, at most an hour; zero if it did not. */
  static Duration retryAfter(Throwable failure) {
    Duration asked =
        failure instanceof SourceException told
            ? told.retryAfter().orElse(Duration.ZERO)
            : Duration.ZERO;
    return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
  }

  static boolean isTooOften(Throwable failure) {
    return failure instanceof SourceException told && told.isTooOften();
  }

  /** Returns whether asking again may succeed without any repair; true for unknown failures. */
  static boolean isPassing(Throwable failure) {
    return !(failure instanceof SourceException told) || told.isPassing();
  }

  /** Returns the failure of a future. */
  static Throwable cause(ExecutionException failed) {
    Throwable cause = failed.getCause();
    return cause == null ? failed : cause;
  }

  /** Returns the failure without the file's path, which is said where the file is named. */
  private static String ofFile(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    } else if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = failure.getReason();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }

  /** Returns the failure in one line. */
  static String inWords(Throwable failure) {
    if (failure instanceof FileSystemException file) {
      return ofFile(file);
    }
    String message = failure.getMessage();
    String words =
        message == null || message.isBlank() || failure instanceof IOException
            ? failure.getClass().getSimpleName() + (message == null ? "" : ": " + message)
            : message;
    String line = words.lines().findFirst().orElse(words);
    return failure instanceof LinkageError
        ? "the classes on the class path do not fit together (%s); check the versions of Jackson, for example with mvn dependency:tree"
            .formatted(line)
        : failure instanceof OutOfMemoryError
            ? "expected room for the snapshot but the heap is full (%s); give the JVM more with -Xmx"
                .formatted(line)
            : line;
  }
}
