package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What must never be seen, and how often it was. Safe for any thread. */
final class Violations {
  /** What must never be seen. */
  enum Kind {
    /** A reader's revision is lower than one it had. */
    WENT_BACK,
    /** Both of a pair have not the same round, or one is later than the first pair's. */
    MIXED,
    /** A check value does not follow from id and round. */
    WRONG_VALUE,
    /** A revision says something else than it did, or something older than one before it. */
    REWRITTEN,
    /** A reader that was opened again has not what it had kept on disk. */
    LOST_COPY,
    /** A page has not the banner that its user has to have, or has it wrongly. */
    WRONG_PAGE
  }

  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

  /** Counts one, and says the first of each kind on standard error. */
  synchronized void add(Kind kind, String inWords) {
    if (counts.merge(kind, 1L, Long::sum) == 1) {
      System.err.println("violation: " + kind + ": " + inWords);
    }
  }

  /** The number of each kind. */
  synchronized ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Kind kind : Kind.values()) {
      node.put(kind.name().toLowerCase(Locale.ROOT), counts.getOrDefault(kind, 0L));
    }
    return node;
  }
}
