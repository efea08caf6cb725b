package dev.satchel.publisher.store;

import dev.satchel.publisher.text.RefusedException;

/**
 * Thrown when a snapshot may be sound but this process has not enough memory to open it. Another
 * process may open it, and so may the applications.
 */
public final class TooLittleHeapException extends RefusedException {
  private static final long serialVersionUID = 1L;
  private static final String ABOUT = "too little heap";

  TooLittleHeapException(long mostBytes, long openedBytes) {
    super(
        ABOUT,
        "expected a snapshot that opens to at most %,d bytes, half of Java's heap, but found %,d;"
                .formatted(mostBytes, openedBytes)
            + " give Java more with -Xmx");
  }

  private TooLittleHeapException(String message) {
    super(ABOUT, message);
  }

  /** Returns the same with the place of the snapshot. */
  TooLittleHeapException at(String place) {
    return new TooLittleHeapException("cannot open " + place + ": " + getMessage());
  }
}
