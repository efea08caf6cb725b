package dev.satchel.benchmarks.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A way from a user id to one boolean of that user. It is opened in the process that is measured.
 */
enum ReadPath {
  /** Reads nothing: shows what the clock and the loop cost by themselves. */
  NOTHING {
    @Override
    Read open(Map<String, String> variables, int users) {
      return id -> false;
    }
  },
  /** Asks the SDK: a field's handle over a snapshot in memory. */
  SNAPSHOT {
    @Override
    Read open(Map<String, String> variables, int users) {
      Map<String, String> settings = new HashMap<>(variables);
      settings.put("SATCHEL_KEY", Store.key(users));
      settings.put("SATCHEL_WHEN_NOTHING", "fail");
      settings.put("SATCHEL_START_TIMEOUT", "60s");
      ConfigClient client = ConfigClient.openBlocking(settings);
      BooleanField preview = client.booleanField(FIELD);
      return id -> preview.get(id, false);
    }
  },
  /** Reads one KV pair for each user, when it is asked for. */
  PER_KEY {
    @Override
    Read open(Map<String, String> variables, int users) {
      return new Pairs(variables)::read;
    }
  },
  /** Reads the same pairs through a cache in this process. */
  CACHED {
    @Override
    Read open(Map<String, String> variables, int users) {
      return new CachedPairs(new Pairs(variables)::read);
    }
  };

  static final String FIELD = "preview_features_enabled";

  /** The lookups a second of the simulated application; the cache's time is derived from them. */
  static final int CACHED_LOOKUPS_PER_SECOND = 1_000;

  /** How long the cache keeps an entry; a read from KV itself may be as far behind. */
  static final Duration CACHE_TTL = Duration.ofSeconds(60);

  /** More users than are asked for within {@link #CACHE_TTL}. */
  static final int CACHE_ENTRIES = 100_000;

  /** Asks for one boolean and waits for it. Safe for any number of threads. */
  @FunctionalInterface
  interface Read {
    boolean of(String userId);
  }

  abstract Read open(Map<String, String> variables, int users);

  /**
   * Reads pairs with KV clients. A client has at most five connections, so there is one client for
   * every four threads.
   */
  private static final class Pairs {
    private static final int CLIENTS = 64;
    private static final int THREADS_OF_CLIENT = 4;

    private final CloudflareKv[] clients = new CloudflareKv[CLIENTS];
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadLocal<CloudflareKv> mine =
        ThreadLocal.withInitial(
            () -> clients[threads.getAndIncrement() / THREADS_OF_CLIENT % CLIENTS]);

    Pairs(Map<String, String> variables) {
      Vertx vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
      for (int i = 0; i < CLIENTS; i++) {
        clients[i] = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(variables));
      }
    }

    boolean read(String userId) {
      return isPreview(
          StoreProcess.await(mine.get().value(userId))
              .orElseThrow(() -> new IllegalStateException("expected a pair for " + userId)));
    }
  }

  static boolean isPreview(Buffer pair) {
    return pair.toJsonObject().getBoolean(FIELD, false);
  }

  /** A cache whose clock advances with each lookup by that lookup's share of a second. */
  static final class CachedPairs implements Read {
    private static final int LOOKUPS_OF_TICK = 16;
    private static final long TICK_NANOS =
        LOOKUPS_OF_TICK * TimeUnit.SECONDS.toNanos(1) / CACHED_LOOKUPS_PER_SECOND;

    private final AtomicLong now = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();
    private final ThreadLocal<int[]> lookups = ThreadLocal.withInitial(() -> new int[1]);
    private final Cache<String, Boolean> cache =
        Caffeine.newBuilder()
            .maximumSize(CACHE_ENTRIES)
            .expireAfterWrite(CACHE_TTL)
            .ticker(now::get)
            .build();
    private final Read beyond;

    CachedPairs(Read beyond) {
      this.beyond = beyond;
    }

    @Override
    public boolean of(String userId) {
      tick();
      @Nullable Boolean known = cache.getIfPresent(userId);
      if (known == null) {
        misses.incrementAndGet();
        known = Objects.requireNonNull(cache.get(userId, beyond::of));
      }
      return known;
    }

    /**
     * Records these lookups without making them, for a cache as full as it is after some minutes.
     */
    void warm(String[] userIds, int from, int lookups) {
      for (int i = from; i < from + lookups; i++) {
        tick();
        String userId = userIds[i];
        if (cache.getIfPresent(userId) == null) {
          cache.put(userId, false);
        }
      }
    }

    /** Returns the number of lookups so far that the cache did not answer. */
    long misses() {
      return misses.get();
    }

    private void tick() {
      if ((++lookups.get()[0] & (LOOKUPS_OF_TICK - 1)) == 0) {
        now.addAndGet(TICK_NANOS);
      }
    }
  }
}
