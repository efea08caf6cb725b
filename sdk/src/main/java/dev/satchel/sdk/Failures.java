package dev.satchel.sdk;

import dev.satchel.kv.KvException;
import java.time.Duration;

/** What can be read from the reasons for which attempts fail. */
final class Failures {
  /** A mistaken header must not silence a client for ever. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  private Failures() {}

  /** How long the source asked to be left alone, an hour at most; zero if it did not ask. */
  static Duration retryAfter(Throwable failure) {
    Duration asked =
        failure instanceof KvException kv
            ? kv.retryAfter().orElse(Duration.ZERO)
            : failure instanceof RefusedException refused
                ? refused.retryAfter().orElse(Duration.ZERO)
                : Duration.ZERO;
    return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
  }

  static boolean isRateLimited(Throwable failure) {
    return failure instanceof KvException refused && refused.status() == 429;
  }

  /** One line. */
  static String inWords(Throwable failure) {
    String message = failure.getMessage();
    String words =
        message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    return words.lines().findFirst().orElse(words);
  }
}
