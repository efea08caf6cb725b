package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what must never be seen. Safe for any thread. */
final class Violations {
  /** What must never be seen. */
  enum Kind {
    /** A reader's revision is lower than one it had before. */
    WENT_BACK,
    /** The two users of a pair have different rounds, or one is later than the first pair's. */
    MIXED,
    /** A check value does not follow from id and round. */
    WRONG_VALUE,
    /** A revision says something other than before, or something older than an earlier revision. */
    REWRITTEN,
    /** A reader that was reopened does not have what it had kept on disk. */
    LOST_COPY,
    /**
     * A page lacks the banner that its user should have, or has one that the user should not have.
     */
    WRONG_PAGE
  }

  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

  /** Counts a violation, and prints the first of each kind on standard error. */
  synchronized void add(Kind kind, String inWords) {
    if (counts.merge(kind, 1L, Long::sum) == 1) {
      System.err.println("violation: " + kind + ": " + inWords);
    }
  }

  /** Returns the number of each kind. */
  synchronized ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Kind kind : Kind.values()) {
      node.put(kind.name().toLowerCase(Locale.ROOT), counts.getOrDefault(kind, 0L));
    }
    return node;
  }
}
