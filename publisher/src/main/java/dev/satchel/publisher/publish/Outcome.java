package dev.satchel.publisher.publish;

import dev.satchel.publisher.text.Report;

/** The result of one publication. */
public interface Outcome extends Report {
  /** Returns the revision in use afterwards, 0 if there is none. */
  long revision();

  /** Returns how many users the snapshot in use has afterwards. */
  long users();

  /** Returns the size in bytes of the snapshot in use afterwards. */
  long bytes();

  /** Returns whether a person who follows the log wants to see it. */
  boolean isNews();

  /** Returns whether nothing was written because a hold is in place. */
  boolean isHeld();
}
