package dev.satchel.publisher.publish;

import dev.satchel.publisher.text.Report;

/** What one publication came to. */
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

  /** Whether a person who follows a log wants to see it. */
  boolean isNews();

  /** Whether nothing was done because somebody holds what is published. */
  boolean isHeld();
}
