package dev.satchel.kv.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Faults that a {@link LocalKvServer} makes on purpose, for tests of its clients. Can be changed
 * from any thread at any time. Faults apply in the order in which they were scripted, one to a
 * request.
 */
public final class LocalKvFaults {

  /** What happens to a request; null members and zeros mean that nothing does. */
  record Fault(
      @Nullable Duration delay,
      @Nullable Refusal refusal,
      boolean stalls,
      boolean cuts,
      boolean stallsInBody,
      boolean forgets,
      @Nullable Predicate<String> unsuccessful) {
    static final Fault NONE = new Fault(null, null, false, false, false, false, null);

    boolean leavesUnsuccessful(String key) {
      return unsuccessful != null && unsuccessful.test(key);
    }
  }

  /** What a key once held; null for nothing. */
  record Version(@Nullable Pair pair) {}

  private static final class Rule {
    private final String method;
    private final Pattern path;
    private final Fault fault;
    private int left;

    Rule(String method, Pattern path, Fault fault, int left) {
      this.method = method;
      this.path = path;
      this.fault = fault;
      this.left = left;
    }
  }

  private final InstantSource clock;

  // guarded by this
  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, TreeMap<Long, Version>> history = new HashMap<>();
  private @Nullable Duration staleness;

  LocalKvFaults(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Starts to script what happens to the next {@code times} requests.
   *
   * @param times at least 1
   * @param method the method of the requests, or {@code *} for all
   * @param path a regular expression that is looked for in the path as it was sent
   */
  public Next next(int times, String method, String path) {
    if (times < 1) {
      throw new IllegalArgumentException("expected at least 1 request but found " + times);
    }
    return new Next(times, method, Pattern.compile(path));
  }

  /** A fault in the making: one of its methods schedules it. */
  public final class Next {
    private final int times;
    private final String method;
    private final Pattern path;

    private Next(int times, String method, Pattern path) {
      this.times = times;
      this.method = method;
      this.path = path;
    }

    /** Only answers this status, in an envelope. */
    public void answers(int status) {
      add(fault(null, Refusal.scripted(status, 0), false, false, false));
    }

    /** Only answers this status, in an envelope, with a Retry-After in whole seconds. */
    public void answers(int status, Duration retryAfter) {
      add(fault(null, Refusal.scripted(status, retryAfter.toSeconds()), false, false, false));
    }

    /** Answers correctly, but only after this real time. */
    public void areDelayed(Duration delay) {
      add(fault(delay, null, false, false, false));
    }

    /** Handles the request and closes the connection after half of the answer's body. */
    public void areCut() {
      add(fault(null, null, false, true, false));
    }

    /** Takes the request, does nothing and says nothing. */
    public void stall() {
      add(fault(null, null, true, false, false));
    }

    /** Handles the request, sends half of the answer's body and then nothing. */
    public void stallInBody() {
      add(fault(null, null, false, false, true));
    }

    /** Answers that the write succeeded, and stores nothing. */
    public void areForgotten() {
      add(new Fault(null, null, false, false, false, true, null));
    }

    /**
     * Reports these keys of a bulk write or delete as unsuccessful, and leaves them as they were.
     */
    public void leaveUnsuccessful(Predicate<String> keys) {
      add(new Fault(null, null, false, false, false, false, keys));
    }

    private void add(Fault fault) {
      synchronized (LocalKvFaults.this) {
        rules.add(new Rule(method, path, fault, times));
      }
    }

    private static Fault fault(
        @Nullable Duration delay,
        @Nullable Refusal refusal,
        boolean stalls,
        boolean cuts,
        boolean stallsInBody) {
      return new Fault(delay, refusal, stalls, cuts, stallsInBody, false, null);
    }
  }

  /**
   * Makes every read of a key see what was there {@code staleness} ago by the server's clock,
   * absence included. Listings are not affected.
   */
  public synchronized void readsAreStale(Duration staleness) {
    this.staleness = staleness;
  }

  /** Ends all faults; requests that already stall go on stalling. */
  public synchronized void clear() {
    rules.clear();
    history.clear();
    staleness = null;
  }

  synchronized Fault take(String method, String path) {
    for (Iterator<Rule> all = rules.iterator(); all.hasNext(); ) {
      Rule rule = all.next();
      if ((rule.method.equals("*") || rule.method.equals(method))
          && rule.path.matcher(path).find()) {
        if (--rule.left <= 0) {
          all.remove();
        }
        return rule.fault;
      }
    }
    return Fault.NONE;
  }

  synchronized boolean rememberWrites() {
    return staleness != null;
  }

  /** Remembers a write for stale reads; {@code before} and {@code after} are null where absent. */
  synchronized void remember(
      Namespace namespace, String key, @Nullable Pair before, @Nullable Pair after) {
    TreeMap<Long, Version> versions =
        history.computeIfAbsent(
            name(namespace, key),
            absent -> new TreeMap<>(Map.of(Long.MIN_VALUE, new Version(before))));
    versions.put(clock.millis(), new Version(after));
  }

  /** Returns what a stale read of a key sees, or empty if it sees what is stored. */
  synchronized Optional<Version> stale(Namespace namespace, String key) {
    TreeMap<Long, Version> versions = history.get(name(namespace, key));
    if (versions == null || staleness == null) {
      return Optional.empty();
    }
    long visible = clock.millis() - staleness.toMillis();
    if (visible >= versions.lastKey()) {
      return Optional.empty();
    }
    return Optional.of(versions.floorEntry(visible).getValue());
  }

  private static String name(Namespace namespace, String key) {
    return namespace.number() + "/" + key;
  }
}
