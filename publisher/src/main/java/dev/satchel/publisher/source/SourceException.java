package dev.satchel.publisher.source;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the database cannot be reached, refuses, or holds something that Satchel cannot
 * carry. The message is one line that names what to fix and contains no secret.
 */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SourceException(String message, @Nullable Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " "), cause);
  }

  SourceException(String message) {
    this(message, null);
  }
}
