package dev.satchel.publisher.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many pairs were written and deleted for each of the last revisions: the value of {@code
 * KEY@pairs}. It is told to people, and nothing depends on it. Immutable.
 */
public final class PairLog {
  /** The log of a key that has none, or none that can be read. */
  public static final PairLog EMPTY = new PairLog(Map.of());

  private static final int MAX_REVISIONS = 1_000; // as many as there may be copies
  private static final int MAX_BYTES = 1 << 18;

  private final Map<Long, PairCounts> counts;

  private PairLog(Map<Long, PairCounts> counts) {
    this.counts = counts;
  }

  /** Reads what {@link #toBuffer} wrote, and nothing from anything else. */
  static PairLog of(Optional<Buffer> value) {
    if (value.isEmpty() || value.get().length() > MAX_BYTES) {
      return EMPTY;
    }
    var counts = new TreeMap<Long, PairCounts>();
    try {
      for (Object entry : new JsonArray(value.get())) {
        if (entry instanceof JsonArray three
            && three.size() == 3
            && three.getValue(0) instanceof Number revision
            && three.getValue(1) instanceof Number written
            && three.getValue(2) instanceof Number deleted) {
          counts.put(
              revision.longValue(), new PairCounts(written.longValue(), deleted.longValue()));
        }
      }
    } catch (DecodeException | ClassCastException notOurs) {
      return EMPTY;
    }
    return new PairLog(counts);
  }

  /** Returns the same with what was done for a revision, in addition to what it has of it. */
  public PairLog with(long revision, PairCounts more) {
    var all = new TreeMap<>(counts);
    all.merge(revision, more, PairCounts::plus);
    while (all.size() > MAX_REVISIONS) {
      all.pollFirstEntry();
    }
    return new PairLog(Collections.unmodifiableMap(all));
  }

  /** Returns what was done for a revision; empty if that is unknown. */
  public Optional<PairCounts> of(long revision) {
    return Optional.ofNullable(counts.get(revision));
  }

  /** Returns a JSON array with [revision, written, deleted] for each revision. */
  public Buffer toBuffer() {
    var all = new JsonArray();
    counts.forEach((revision, c) -> all.add(JsonArray.of(revision, c.written(), c.deleted())));
    return all.toBuffer();
  }
}
