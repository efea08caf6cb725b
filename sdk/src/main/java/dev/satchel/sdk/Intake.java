package dev.satchel.sdk;

import dev.satchel.sdk.Admission.Held;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a source's announcements to fetch, and has the values checked and opened.
 * Remembers what can never be used, so that it is not fetched again, and what there was no memory
 * for, so that it is fetched again only after a while. Confined to the refresh thread.
 */
final class Intake {
  /** After how long a value is fetched again that there was no memory for. Doubles each time. */
  private static final Duration WAIT_FOR_MEMORY = Duration.ofMinutes(1);

  /** After which the wait is about an hour. */
  private static final int MOST_DOUBLINGS = 6;

  private final SnapshotSource source;
  private final Admission admission;
  private final SteadyClock clock;
  private @Nullable Announcement unusable;
  private String unusableReason = "";
  private Instant unusableUntil = Instant.MIN;
  private int doublings;

  Intake(SnapshotSource source, Admission admission, SteadyClock clock) {
    this.source = source;
    this.admission = admission;
    this.clock = clock;
  }

  /**
   * A view to swap in.
   *
   * @param value that it was opened from, or null if patches made it
   * @param bytes how many were fetched for it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared; a copy is 25 MiB
  record Fetched(Held held, byte @Nullable [] value, long bytes) {
    Freshness.Fetch summary() {
      var kind = value == null ? ClientStatus.Fetched.PATCH : ClientStatus.Fetched.VALUE;
      return new Freshness.Fetch(kind, bytes);
    }
  }

  /** Takes what patches have made. */
  Fetched patched(PatchChain.Patched patched) {
    unusable = null;
    return new Fetched(patched.held(), null, patched.bytes());
  }

  /** Returns what to fetch, or empty if the announced snapshot is already held. */
  Optional<Announcement> announced(Optional<Announcement> answer, Held held) {
    Announcement next =
        answer.orElseThrow(() -> SourceException.lasting("nothing is published under " + source));
    if (next.tag().equals(held.tag()) || held.sha256().equals(next.sha256())) {
      return Optional.empty();
    } else if (unusable != null && next.equals(unusable) && clock.now().isBefore(unusableUntil)) {
      throw SourceException.neverUsable(unusableReason);
    }
    admission.check(next, held);
    return Optional.of(next);
  }

  /** Checks and opens what was fetched. */
  Fetched opened(Announcement announced, Optional<byte[]> answer, Held held) {
    byte[] value =
        answer.orElseThrow(
            () -> SourceException.passing("%s is announced but has no value".formatted(source)));
    try {
      var fetched = new Fetched(admission.open(announced, value, held), value, value.length);
      unusable = null;
      return fetched;
    } catch (SourceException e) {
      if (e.isNeverUsable()) {
        remember(announced, String.valueOf(e.getMessage()), Instant.MAX);
      }
      throw e;
    } catch (LinkageError | VirtualMachineError e) {
      failed(announced, e);
      throw e;
    }
  }

  /** Notes that the JVM cannot take or open what was announced. */
  void failed(Announcement announced, Error failure) {
    // fetching 25 MiB again would not mend the class path; the heap may be full only for a moment
    boolean mayPass = failure instanceof VirtualMachineError;
    doublings = mayPass && announced.equals(unusable) ? Math.min(doublings + 1, MOST_DOUBLINGS) : 0;
    Instant until =
        mayPass ? clock.now().plus(WAIT_FOR_MEMORY.multipliedBy(1L << doublings)) : Instant.MAX;
    remember(announced, Failures.inWords(failure), until);
  }

  private void remember(Announcement announced, String reason, Instant until) {
    unusable = announced;
    unusableReason = reason;
    unusableUntil = until;
  }
}
