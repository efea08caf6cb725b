package dev.satchel.publisher.publish;

import dev.satchel.publisher.store.PairCounts;
import dev.satchel.publisher.text.Report;
import org.slf4j.spi.LoggingEventBuilder;

/** The result of one publication. */
public interface Outcome extends Report {
  /** Returns the revision in use afterwards, 0 if there is none. */
  long revision();

  /** Returns how many users the snapshot in use has afterwards. */
  long users();

  /** Returns the size in bytes of the snapshot in use afterwards. */
  long bytes();

  /** Returns the size in bytes of the patch to the snapshot in use, 0 if there is none. */
  default long patchBytes() {
    return 0;
  }

  /** Returns how many pairs of users were written and deleted. */
  default PairCounts pairs() {
    return PairCounts.NONE;
  }

  /** Returns whether something is published that was not before. */
  boolean isNews();

  /** Logs the outcome in words, with what it says in JSON as keys and values. */
  default void logTo(LoggingEventBuilder event) {
    LoggingEventBuilder line = event;
    for (var member : toJson()) {
      line = line.addKeyValue(member.getKey(), member.getValue());
    }
    line.log("{}", inWords());
  }

  /** Returns whether nothing was written because a hold is in place. */
  boolean isHeld();
}
