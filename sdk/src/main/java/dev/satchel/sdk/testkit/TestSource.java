package dev.satchel.sdk.testkit;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source in memory whose content, time and faults a test controls. Safe for any thread.
 *
 * <pre>{@code
 * TestSource source = TestSource.of(Map.of("alice", Map.of("preview_features_enabled", true)));
 * ConfigClient client = source.open();
 * client.getBoolean("alice", "preview_features_enabled", false);   // true
 * source.fail("the network is down");
 * client.refreshBlocking();                                         // status: one failure
 * }</pre>
 */
public final class TestSource implements SnapshotSource {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /** What the source does when a client asks it. */
  private enum Fault {
    NONE,
    FAILS,
    STALLS,
    CORRUPTS
  }

  private final TestClock clock = new TestClock(BEGIN);
  private long revision; // this and what follows is guarded by this
  private @Nullable Announcement announced;
  private byte[] value = {};
  private Fault fault = Fault.NONE;
  private String failure = "";

  private TestSource() {}

  /** Returns a source with nothing published yet. */
  public static TestSource empty() {
    return new TestSource();
  }

  /**
   * Returns a source with these users at revision 1; {@link TestSnapshots#encode} says what users
   * may be.
   */
  public static TestSource of(Map<?, ? extends Map<String, ?>> users) {
    TestSource source = empty();
    source.publish(users);
    return source;
  }

  /** Publishes these users in place of those before, and returns their revision, the next one. */
  public synchronized long publish(Map<?, ? extends Map<String, ?>> users) {
    revision++;
    return put(revision, TestSnapshots.encode(revision, clock.instant(), users));
  }

  /** Publishes these users under any revision, such as one that goes back. */
  public synchronized long publish(long asRevision, Map<?, ? extends Map<String, ?>> users) {
    revision = Math.max(revision, asRevision);
    return put(asRevision, TestSnapshots.encode(asRevision, clock.instant(), users));
  }

  private long put(long asRevision, byte[] bytes) {
    String sha256 = Digests.sha256(bytes);
    announced = new Announcement(sha256, asRevision, sha256, bytes.length);
    value = bytes;
    return asRevision;
  }

  /** Makes every call fail with this message from now on. */
  public synchronized void fail(String message) {
    failure = message;
    fault = Fault.FAILS;
    notifyAll();
  }

  /** Makes every call hang from now on until it is interrupted. */
  public synchronized void stall() {
    fault = Fault.STALLS;
  }

  /** Flips one bit of every value from now on. */
  public synchronized void corrupt() {
    fault = Fault.CORRUPTS;
    notifyAll();
  }

  /** Ends every fault. */
  public synchronized void heal() {
    fault = Fault.NONE;
    notifyAll();
  }

  /** Returns the clock of {@link #options} and of the publication times. */
  public TestClock clock() {
    return clock;
  }

  /**
   * Returns options for a client with this source's clock that polls once an hour of real time, so
   * that in a test {@link ConfigClient#refreshNow} makes every attempt but the first.
   */
  public ConfigClientOptions.Builder options() {
    return ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).clock(clock);
  }

  /** Opens a client of this source with {@link #options}, and waits until it is open. */
  public ConfigClient open() {
    return ConfigClient.openBlocking(this, options().build());
  }

  @Override
  public Optional<Announcement> announcement() throws InterruptedException {
    return answer(() -> Optional.ofNullable(announced));
  }

  @Override
  public Optional<byte[]> value(Announcement asked) throws InterruptedException {
    return answer(
        () -> {
          if (announced == null || !asked.tag().equals(announced.tag())) {
            return Optional.empty();
          }
          byte[] copy = value.clone();
          if (fault == Fault.CORRUPTS) {
            copy[copy.length / 2] ^= 1;
          }
          return Optional.of(copy);
        });
  }

  private synchronized <T> T answer(Supplier<T> sound) throws InterruptedException {
    while (fault == Fault.STALLS) {
      wait(); // until the fault ends or the client gives up
    }
    if (fault == Fault.FAILS) {
      throw SourceException.lasting(failure);
    }
    return sound.get();
  }

  @Override
  public String toString() {
    return "the test source";
  }
}
