package dev.satchel.publisher.http;

import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.store.SnapshotFeed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/**
 * The publisher that a port shows.
 *
 * @param about what it is there for
 * @param ledger what it has done
 * @param service what it can be asked
 * @param redAt gives the moment from which a good run that began at a moment is too old
 * @param limitBytes the most bytes that a value may have
 * @param feed what it serves to applications, if the settings say so
 * @param clock the time that ages are counted to
 */
public record Subject(
    About about,
    Ledger ledger,
    Service service,
    UnaryOperator<Instant> redAt,
    long limitBytes,
    SnapshotFeed feed,
    InstantSource clock) {

  /** Whether the last good publication is as young as it should be now. */
  Readiness readiness() {
    return Readiness.of(ledger, redAt, clock.instant());
  }
}
