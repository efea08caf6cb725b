package dev.satchel.publisher.store;

import dev.satchel.kv.RevisionBound;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs, once each, what a publisher did not expect under its key. Safe for any thread. */
final class Surprises {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedKey.class);

  /** Somebody may write a new one every second. */
  private static final int MAX_FAR_AHEAD = 16;

  private final String key;
  private final AtomicLong toldRevision = new AtomicLong();
  private final Set<Long> toldFarAhead = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean toldElse = new AtomicBoolean();

  Surprises(String key) {
    this.key = key;
  }

  /** Notes that something lies there that is no snapshot's metadata. */
  void somethingElse() {
    if (!toldElse.getAndSet(true)) {
      LOG.warn(
          "expected a snapshot's metadata under {} but found something else; it will be replaced",
          key);
    }
  }

  /** Notes metadata, of the key or of a copy, with a revision far ahead of the clock. */
  void farAhead(String where, long revision, Instant now) {
    if (toldFarAhead.size() < MAX_FAR_AHEAD && toldFarAhead.add(revision)) {
      LOG.warn(
          "{} in the metadata under {}; it is not followed",
          RevisionBound.expected(revision, now),
          where);
    }
  }

  /** Notes a revision that this process did not make. */
  void foreign(SnapshotMetadata expected, SnapshotMetadata found) {
    if (toldRevision.getAndSet(found.revision()) == found.revision()) {
      return;
    }
    String by = found.host() == null ? "nobody says who did" : "made on " + found.host();
    if (found.revision() > expected.revision()) {
      LOG.warn(
          "expected revision {} under {} but found {}, which this publisher did not make: {}",
          expected.revision(),
          key,
          found.revision(),
          by);
    } else {
      LOG.warn(
          "expected revision {} under {} but found the lower {}, {}: KV answers with an old"
              + " value, or somebody else wrote it",
          expected.revision(),
          key,
          found.revision(),
          by);
    }
  }
}
