package dev.satchel.sdk.source;

import dev.satchel.http.HttpAnswer;
import dev.satchel.kv.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an address again and again to answer only when it has something new ({@code Prefer: wait},
 * RFC 7240), and tells the client to look when it has. The client polls all the same, so nothing
 * depends on these requests: whatever goes wrong with one is no failure. Has a daemon thread, which
 * ends when the watch is closed.
 */
final class WaitingRequests implements SnapshotSource.Watch {
  /*
   * Three things may come of a request. NEWS: the address has an ETag that we do not know. SILENCE:
   * the request waited and there was none; a proxy that cut it looks the same, and the next one
   * asks to be answered sooner. Both may follow each other as they come, but for PACE, which bounds
   * what a server with a new ETag in each answer can cause, and SPREAD, over which clients that
   * were answered at one moment come back. IN_VAIN: it did not wait at all, because the server does
   * not know how, has too many waiting already, or is down. The pause after that grows to a minute.
   */
  private static final Logger LOG = LoggerFactory.getLogger("dev.satchel.sdk.ConfigClient");

  private static final Pattern APPLIED = Pattern.compile("(?:^|.*[,;\\s])wait=\"?[0-9]+\"?.*");

  private static final Duration SPREAD = Duration.ofMillis(500);
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final Backoff AFTER_NONE =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** A wrong header must not silence a client for ever. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** How much later than asked an answer may come: the server may be busy telling others. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** A request that ended sooner was not cut while it waited. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(2);

  private enum Heard {
    NEWS,
    SILENCE,
    IN_VAIN
  }

  /**
   * What the client has seen at the address.
   *
   * @param tags the ETags of the value, as If-None-Match has them; empty if there is none
   * @param revision {@link Announcement#UNKNOWN} if the server does not name it
   */
  record Seen(String tags, long revision) {
    static final Seen NOTHING = new Seen("", Announcement.UNKNOWN);
  }

  /** Sends a HEAD with these headers, in addition to the source's own. */
  interface Head {
    HttpAnswer send(Map<String, String> headers, Duration timeout)
        throws IOException, InterruptedException;
  }

  private final String source;
  private final CountDownLatch first;
  private final Supplier<Seen> seen;
  private final Head head;
  private final Duration longest;
  private final Runnable changed;
  private final Thread thread;
  private volatile boolean isTelling;

  // confined to the thread
  private Duration wait;

  /** The ETag that the client was told of, and may not have looked at yet. */
  private String told = "";

  private int inVain;
  private @Nullable Duration retryAfter;
  private boolean isSaid;

  private WaitingRequests(
      String source,
      CountDownLatch first,
      Supplier<Seen> seen,
      Head head,
      Duration longest,
      Runnable changed) {
    this.source = source;
    this.first = first;
    this.seen = seen;
    this.head = head;
    this.longest = longest;
    this.wait = longest;
    this.changed = changed;
    this.thread = new Thread(this::run, "satchel-wait");
    thread.setDaemon(true); // a forgotten client must not keep its application from ending
  }

  /**
   * Starts to ask.
   *
   * @param source the address, for messages
   * @param first is open once the client has seen a value; until then its own polls look for one
   * @param seen gives what the client has seen
   * @param longest how long one request may wait
   */
  static WaitingRequests start(
      String source,
      CountDownLatch first,
      Supplier<Seen> seen,
      Head head,
      Duration longest,
      Runnable changed) {
    var requests = new WaitingRequests(source, first, seen, head, longest, changed);
    requests.thread.start();
    return requests;
  }

  @Override
  public boolean isTelling() {
    return isTelling;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      first.await();
      while (!Thread.currentThread().isInterrupted()) {
        try {
          long began = System.nanoTime();
          if (!seen.get().tags().isEmpty()) {
            Thread.sleep(toMillis(next()));
          }
          Thread.sleep(Math.max(1, toMillis(PACE.minusNanos(System.nanoTime() - began))));
        } catch (VirtualMachineError | LinkageError e) { // the application has filled the heap
          Thread.sleep(toMillis(PACE));
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      isTelling = false;
    }
  }

  private static long toMillis(Duration pause) {
    return Math.max(0, pause.toMillis());
  }

  /** Makes a request and does what follows from it; returns how long to pause then. */
  private Duration next() throws InterruptedException {
    Heard heard = hear();
    if (heard == Heard.NEWS) {
      Thread.sleep(toMillis(spread()));
      changed.run();
    }
    inVain = heard == Heard.IN_VAIN ? Math.min(inVain + 1, 1_000) : isTelling ? 0 : inVain + 1;
    if (inVain == 0) {
      return heard == Heard.NEWS ? Duration.ZERO : spread();
    }
    Duration pause = AFTER_NONE.delay(inVain, random());
    Duration asked = retryAfter;
    if (asked != null && asked.compareTo(pause) > 0) {
      pause = asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
    }
    return pause;
  }

  private Heard hear() throws InterruptedException {
    long began = System.nanoTime();
    retryAfter = null;
    HttpAnswer answer;
    try {
      String tags = seen.get().tags();
      answer =
          head.send(
              Map.of(
                  "If-None-Match",
                  told.isEmpty() ? tags : tags + ", " + told,
                  "Prefer",
                  "wait=" + wait.toSeconds()),
              wait.plus(GRACE));
    } catch (IOException e) {
      return ended(began, String.valueOf(e.getMessage()));
    }
    retryAfter = answer.retryAfter();
    return switch (answer.status()) {
      case 200 -> heard(answer, began);
      case 304 -> confirmed(answer) ? silence(began) : ended("it does not wait");
      case 408, 502, 504 -> ended(began, "status " + answer.status()); // from a proxy
      default -> ended("status " + answer.status());
    };
  }

  private Heard heard(HttpAnswer answer, long began) {
    String etag = answer.header("etag");
    boolean isConfirmed = confirmed(answer);
    if (etag == null || !HttpSource.isUsable(etag) || isKnown(etag)) {
      return isConfirmed ? silence(began) : ended("it does not wait");
    }
    if (NamedValue.of(answer)
        .filter(value -> value.revision() < seen.get().revision())
        .isPresent()) {
      return ended("it is behind another server");
    }
    told = etag;
    if (!isConfirmed) {
      ended("it does not wait");
    }
    return Heard.NEWS;
  }

  private boolean isKnown(String etag) {
    return etag.equals(told) || (", " + seen.get().tags() + ", ").contains(", " + etag + ", ");
  }

  /** Returns whether the server says that it waits if there is nothing new. */
  private boolean confirmed(HttpAnswer answer) {
    String applied = answer.header("preference-applied");
    if (applied == null || !APPLIED.matcher(applied).matches()) {
      return false;
    }
    if (!isTelling) {
      isTelling = true;
      isSaid = false;
      LOG.info("{}: tells of changes as they come", source);
    }
    return true;
  }

  /** Judges an answer without news, from a server that says it waited for some. */
  private Heard silence(long began) {
    if (elapsed(began).compareTo(PACE) < 0) {
      return ended("it does not wait, although it says so");
    }
    // after a cut, slowly back to what was asked for
    wait = wait.compareTo(longest) < 0 ? wait.plusSeconds(1) : wait;
    return Heard.SILENCE;
  }

  /** Judges a request that was cut, or never reached the server. */
  private Heard ended(long began, String why) {
    Duration lasted = elapsed(began);
    if (isTelling && lasted.compareTo(SHORTEST_WAIT) >= 0) {
      Duration shorter = lasted.multipliedBy(3).dividedBy(4);
      wait = shorter.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : min(shorter, wait);
      LOG.debug("{}: a waiting request was cut ({}); the next one asks for {}", source, why, wait);
      return Heard.SILENCE;
    }
    return ended(why);
  }

  private Heard ended(String why) {
    isTelling = false;
    if (!isSaid) {
      isSaid = true;
      LOG.info("{}: does not tell of changes ({}); they come with the next poll", source, why);
    }
    return Heard.IN_VAIN;
  }

  private static Duration elapsed(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration spread() {
    return Duration.ofMillis((long) (random() * SPREAD.toMillis()));
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
