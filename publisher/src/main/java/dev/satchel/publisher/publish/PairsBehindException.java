package dev.satchel.publisher.publish;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The snapshot is in use, but not all pairs of its users are written. The message is one line. */
public final class PairsBehindException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable PublishOutcome outcome;

  /**
   * @param outcome what became of the snapshot, if this run wrote it
   */
  PairsBehindException(String message, Throwable cause, @Nullable PublishOutcome outcome) {
    super(message, cause);
    this.outcome = outcome;
  }

  /** Returns the same with what became of the snapshot. */
  PairsBehindException after(PublishOutcome written) {
    return new PairsBehindException(String.valueOf(getMessage()), this, written);
  }

  /** Returns what became of the snapshot, if this run wrote it. */
  public Optional<PublishOutcome> outcome() {
    return Optional.ofNullable(outcome);
  }
}
