package dev.satchel.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What goes wrong in a soak: one fault after the other, again and again, each for three seconds out
 * of ten.
 */
enum Fault {
  /** The publisher gets SIGKILL and is started again. */
  KILL("the publisher is killed with -9 and started again", true),
  /** Every request is answered with status 500. */
  ERRORS("every request is answered 500"),
  /** Every request is answered with status 429. */
  TOO_MANY("every request is answered 429, Retry-After: 1"),
  /**
   * The readers' requests are never answered. The publisher's are, because one without an answer
   * would hold it up for half a minute, most of a cycle.
   */
  STALLS("no request of a reader or the page is answered"),
  /** Answers end in the middle. */
  HALVES("connections end in the middle of every answer"),
  /** Answers come a second late. */
  SLOW("every answer comes a second late"),
  /** Nobody can connect; meanwhile a reader starts again from its copy on disk. */
  REFUSED("the store cannot be reached; a reader is closed and opened from its disk copy"),
  /** Connections are cut, twice a second. */
  CUT("all connections are cut, twice a second"),
  /** The database ends every session except ours, once a second. */
  SESSIONS("the database ends the publisher's sessions, once a second");

  static final int SECONDS = 3;
  private static final int FIRST_AT_SECONDS = 5;
  private static final int EVERY_SECONDS = 10;

  /** The time until the first fault comes again. */
  static final int CYCLE_SECONDS = 100;

  /** A fault and the number of seconds after the start at which it begins. */
  record Due(int second, Fault fault) {}

  private final String inWords;
  private final boolean isOnlyAtFirst;

  Fault(String inWords) {
    this(inWords, false);
  }

  Fault(String inWords, boolean isOnlyAtFirst) {
    this.inWords = inWords;
    this.isOnlyAtFirst = isOnlyAtFirst;
  }

  /** Returns the name used in orders. */
  String order() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns one line for a schedule. */
  String inWords() {
    return "at second %d of each %d%s: %s"
        .formatted(
            FIRST_AT_SECONDS + ordinalSlot() * EVERY_SECONDS,
            CYCLE_SECONDS,
            // a process that is restarted again and again cannot be seen to grow
            isOnlyAtFirst ? ", in the first sixth" : "",
            inWords);
  }

  private int ordinalSlot() {
    return List.of(values()).indexOf(this);
  }

  /**
   * Returns, in order, all faults of a soak that lasts this many seconds; none is cut off by its
   * end.
   */
  static List<Due> schedule(int seconds) {
    List<Due> all = new ArrayList<>();
    for (int cycle = 0; cycle < seconds; cycle += CYCLE_SECONDS) {
      for (Fault fault : values()) {
        int second = cycle + FIRST_AT_SECONDS + fault.ordinalSlot() * EVERY_SECONDS;
        boolean isTooLate = second + SECONDS >= seconds;
        boolean isLeftOut = fault.isOnlyAtFirst && second >= seconds / 6;
        if (!isTooLate && !isLeftOut) {
          all.add(new Due(second, fault));
        }
      }
    }
    return List.copyOf(all);
  }
}
