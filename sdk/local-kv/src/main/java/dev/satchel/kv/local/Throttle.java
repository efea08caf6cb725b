package dev.satchel.kv.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two brakes that can be switched on: one write to a key per second, and requests per window.
 */
final class Throttle {
  private static final long WRITE_INTERVAL_MILLIS = 1_000;

  private final InstantSource clock;
  private final boolean limitsWrites;
  private final LocalKvOptions.@Nullable RateLimit rateLimit;

  // guarded by this
  private final Map<String, Long> lastWrites = new LinkedHashMap<>();
  private long windowEndsAtMillis;
  private int requestsInWindow;

  Throttle(LocalKvOptions options) {
    clock = options.clock();
    limitsWrites = options.oneWritePerSecond();
    rateLimit = options.rateLimit();
  }

  /** Counts a request; refuses it, and all others until the window ends, if it is one too many. */
  synchronized void countRequest() {
    if (rateLimit == null) {
      return;
    }
    long now = clock.millis();
    if (now >= windowEndsAtMillis) {
      windowEndsAtMillis = now + rateLimit.window().toMillis();
      requestsInWindow = 0;
    }
    requestsInWindow++;
    if (requestsInWindow > rateLimit.requests()) {
      long millis = windowEndsAtMillis - now;
      throw Refusal.rateLimited(Math.max(1, Duration.ofMillis(millis + 999).toSeconds()));
    }
  }

  /** Returns whether a key may be written now; if so, it may not for the next second. */
  synchronized boolean mayWrite(Namespace namespace, String key) {
    if (!limitsWrites) {
      return true;
    }
    long now = clock.millis();
    Iterator<Long> oldestFirst = lastWrites.values().iterator();
    while (oldestFirst.hasNext() && now - oldestFirst.next() >= WRITE_INTERVAL_MILLIS) {
      oldestFirst.remove();
    }
    return lastWrites.putIfAbsent(namespace.number() + "/" + key, now) == null;
  }
}
