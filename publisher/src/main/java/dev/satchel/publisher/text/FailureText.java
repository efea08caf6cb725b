package dev.satchel.publisher.text;

import java.net.BindException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Describes failures in one line for a person. */
public final class FailureText {
  private FailureText() {}

  /** Returns what went wrong, without a line break. */
  public static String inWords(Throwable failure) {
    Throwable cause = unwrapped(failure);
    String message = cause.getMessage();
    if (cause instanceof OutOfMemoryError) {
      return "not enough memory for this many users (%s); give Java more with -Xmx"
          .formatted(oneLine(String.valueOf(message)));
    }
    if (cause instanceof BindException) {
      return oneLine(cause.toString()) + "; stop what listens there, or choose another port";
    }
    if (message == null || isUnexpected(cause)) {
      return "unexpected " + oneLine(cause.toString()) + " (--verbose shows where)";
    }
    return oneLine(message);
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null
            && (failure instanceof CompletionException || failure instanceof ExecutionException)
        ? unwrapped(cause)
        : failure;
  }

  /** Returns whether this is a defect of ours rather than of our input. */
  private static boolean isUnexpected(Throwable cause) {
    return cause instanceof Error
        || cause instanceof NullPointerException
        || cause instanceof IndexOutOfBoundsException
        || cause instanceof ClassCastException;
  }

  /** Removes from a text what would break its line or upset a terminal. */
  public static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*|[\\p{Cc}\\p{Zl}\\p{Zp}]", " ");
  }
}
