package dev.satchel.sdk.testkit;

import dev.satchel.sdk.Announcement;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.SnapshotSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source in memory whose content, time and faults a test controls. Safe for any thread.
 *
 * <pre>{@code
 * TestSource source = TestSource.of(Map.of("alice", Map.of("preview_features_enabled", true)));
 * ConfigClient client = source.open();
 * client.getBoolean("alice", "preview_features_enabled", false);   // true
 * source.fail("the network is down");
 * client.refreshNow();                                              // status: one failure
 * }</pre>
 */
public final class TestSource implements SnapshotSource {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /** What the source does when it is asked. */
  private enum Fault {
    NONE,
    FAILS,
    STALLS,
    CORRUPTS
  }

  private final TestClock clock = new TestClock(BEGIN);
  private long revision; // this and what follows is guarded by this
  private @Nullable Announcement announced;
  private Buffer value = Buffer.buffer();
  private Fault fault = Fault.NONE;
  private String failure = "";

  private TestSource() {}

  /** A source where nothing is published yet. */
  public static TestSource empty() {
    return new TestSource();
  }

  /**
   * A source with these users at revision 1; {@link TestSnapshots#encode} says what they can be.
   */
  public static TestSource of(Map<?, ? extends Map<String, ?>> users) {
    TestSource source = empty();
    source.publish(users);
    return source;
  }

  /** Publishes these users instead of those before, under the next revision, which it gives. */
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
    String sha256 = sha256(bytes);
    announced = new Announcement(sha256, asRevision, sha256, bytes.length);
    value = Buffer.buffer(bytes);
    return asRevision;
  }

  /** From now on every call fails with this message. */
  public synchronized void fail(String message) {
    fault = Fault.FAILS;
    failure = message;
  }

  /** From now on no call completes. */
  public synchronized void stall() {
    fault = Fault.STALLS;
  }

  /** From now on values have one bit that is not as it was published. */
  public synchronized void corrupt() {
    fault = Fault.CORRUPTS;
  }

  /** Ends every fault. */
  public synchronized void heal() {
    fault = Fault.NONE;
  }

  /** The clock of {@link #options}, and of what is published. */
  public TestClock clock() {
    return clock;
  }

  /**
   * Options of a client that polls once in an hour of real time, so that in a test {@link
   * ConfigClient#refreshNow} makes every attempt but the first, and that has this source's clock.
   */
  public ConfigClientOptions.Builder options() {
    return ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).clock(clock);
  }

  /** A client of this source with {@link #options}. Not for event loop threads. */
  public ConfigClient open() {
    return ConfigClient.openBlocking(vertx -> this, options().build());
  }

  @Override
  public synchronized Future<Optional<Announcement>> announcement() {
    return answer(Optional.ofNullable(announced));
  }

  @Override
  public synchronized Future<Optional<Buffer>> value(Announcement asked) {
    if (announced == null || !asked.tag().equals(announced.tag())) {
      return answer(Optional.empty());
    }
    Buffer copy = value.copy();
    if (fault == Fault.CORRUPTS) {
      int middle = copy.length() / 2;
      copy.setByte(middle, (byte) (copy.getByte(middle) ^ 1));
    }
    return answer(Optional.of(copy));
  }

  private <T> Future<T> answer(T sound) {
    return switch (fault) {
      case FAILS -> Future.failedFuture(new IllegalStateException(failure));
      case STALLS -> Promise.<T>promise().future();
      case NONE, CORRUPTS -> Future.succeededFuture(sound);
    };
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "the test source";
  }
}
