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

/** A way from a user id to one boolean of that user. Opened in the process that is measured. */
enum ReadPath {
  /** None: what the clock and the loop cost by themselves. */
  NOTHING {
    @Override
    Read open(Map<String, String> variables, int users) {
      return id -> false;
    }
  },
  /** The SDK: a field's handle over a snapshot in memory. */
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
  /** One KV pair for each user, read when it is asked for. */
  PER_KEY {
    @Override
    Read open(Map<String, String> variables, int users) {
      return new Pairs(variables)::read;
    }
  },
  /** The same behind a cache of this process. */
  CACHED {
    @Override
    Read open(Map<String, String> variables, int users) {
      return new CachedPairs(new Pairs(variables)::read);
    }
  };

  static final String FIELD = "preview_features_enabled";

  /** Lookups a second of the application whose cache this is: what its time is counted by. */
  static final int CACHED_LOOKUPS_PER_SECOND = 1_000;

  /** How long the cache believes an entry: what a read of KV itself may be behind. */
  static final Duration CACHE_TTL = Duration.ofSeconds(60);

  /** More users than are asked for within {@link #CACHE_TTL}. */
  static final int CACHE_ENTRIES = 100_000;

  /** Asks for one boolean; waits for it. For any number of threads. */
  @FunctionalInterface
  interface Read {
    boolean of(String userId);
  }

  abstract Read open(Map<String, String> variables, int users);

  /**
   * The KV client's pairs. A client has five connections at most, so that there is one for each
   * four threads.
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

  /** A cache whose clock goes on by a lookup's share of a second with each lookup. */
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

    /** Looks these up without asking for them: for a cache as full as it is after some minutes. */
    void warm(String[] userIds, int from, int lookups) {
      for (int i = from; i < from + lookups; i++) {
        tick();
        String userId = userIds[i];
        if (cache.getIfPresent(userId) == null) {
          cache.put(userId, false);
        }
      }
    }

    /** Lookups so far that the cache did not answer. */
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
