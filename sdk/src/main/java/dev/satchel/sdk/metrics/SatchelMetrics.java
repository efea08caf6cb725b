package dev.satchel.sdk.metrics;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ClientStatus.Fetched;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.RefreshReport;
import dev.satchel.sdk.Registration;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Micrometer meters for one client. Lookups are not counted; gauges are read when the registry
 * asks.
 *
 * <pre>
 * satchel.age            gauge, seconds since the source last confirmed the snapshot; NaN before that
 * satchel.published.age  gauge, seconds since the snapshot in use was published; NaN if there is none
 * satchel.revision       gauge, the revision in use, 0 if there is none
 * satchel.users          gauge, how many users it holds
 * satchel.bytes          gauge, bytes of the published snapshot
 * satchel.state          gauge by state (empty, fresh, stale, expired), 1 for the present one, else 0
 * satchel.field.mistakes gauge, fields that are asked for in vain: see {@link ClientStatus#fieldMistakes}
 * satchel.refreshes      counter, attempts by outcome: updated, unchanged, failed
 * satchel.fetches        counter, revisions fetched by kind: patch, value
 * satchel.fetched        counter, bytes of these by kind
 * satchel.refresh        timer with buckets, how long attempts take
 * satchel.build.info     gauge, always 1; its tag version is the version of the SDK
 * </pre>
 *
 * With several clients, the meters need tags to tell them apart. Closing the client removes its
 * meters.
 */
@SuppressWarnings("exports") // its users have Micrometer
public final class SatchelMetrics implements MeterBinder, AutoCloseable {
  private static final double NANOS = 1e9;

  /** From a poll of metadata near by to the fetch of 25 MiB over a slow line. */
  private static final Duration[] REFRESH_BUCKETS =
      Stream.of(5, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final String VERSION = version();

  private final ConfigClient client;
  private final Tags tags;
  private final InstantSource clock;

  /** How to undo what was bound; guarded by this. */
  private final List<Runnable> bound = new ArrayList<>();

  /** Makes the meters of a client, by the system's clock. */
  public SatchelMetrics(ConfigClient client, Iterable<Tag> tags) {
    this(client, tags, InstantSource.system());
  }

  /**
   * Makes the meters of a client.
   *
   * @param clock the clock of the client's options
   */
  public SatchelMetrics(ConfigClient client, Iterable<Tag> tags, InstantSource clock) {
    this.client = client;
    this.clock = clock;
    this.tags = Tags.of(tags);
  }

  /** Makes the meters, in place of those of an earlier client with the same tags. */
  @Override
  public void bindTo(MeterRegistry registry) {
    var meters = new Meters(registry);
    addGauges(meters);
    Timer timer = meters.timer("satchel.refresh", "how long attempts to refresh take");
    Map<RefreshReport.Outcome, Counter> counters = new EnumMap<>(RefreshReport.Outcome.class);
    for (RefreshReport.Outcome outcome : RefreshReport.Outcome.values()) {
      counters.put(
          outcome,
          meters.counter(
              "satchel.refreshes",
              null,
              "attempts to refresh by outcome",
              tags.and("outcome", lower(outcome))));
    }
    Map<Fetched, Counter> fetches = new EnumMap<>(Fetched.class);
    Map<Fetched, Counter> fetched = new EnumMap<>(Fetched.class);
    for (Fetched kind : List.of(Fetched.PATCH, Fetched.VALUE)) {
      Tags all = tags.and("kind", lower(kind));
      fetches.put(kind, meters.counter("satchel.fetches", null, "revisions fetched", all));
      fetched.put(
          kind, meters.counter("satchel.fetched", "bytes", "bytes of the revisions fetched", all));
    }
    Registration counting =
        client.onRefresh(
            report -> {
              if (report.fetched() != Fetched.NOTHING) {
                Objects.requireNonNull(fetches.get(report.fetched())).increment();
                Objects.requireNonNull(fetched.get(report.fetched()))
                    .increment((double) report.fetchedBytes());
              }
              timer.record(report.took());
              Counter counter = counters.get(report.outcome());
              if (counter != null) {
                counter.increment();
              }
            });
    synchronized (bound) {
      bound.add(
          () -> {
            counting.close();
            meters.remove();
          });
    }
    client.closed().thenRun(this::close);
  }

  private void addGauges(Meters meters) {
    meters.gauge(
        "satchel.age",
        "seconds",
        "time since the source last confirmed the snapshot",
        c -> secondsSince(c.status().lastChecked()));
    meters.gauge(
        "satchel.published.age",
        "seconds",
        "time since the publisher made what is in use",
        c -> secondsSince(c.status().publishedAt()));
    meters.gauge("satchel.revision", null, "the revision in use", c -> c.status().revision());
    meters.gauge("satchel.users", null, "users in the revision in use", c -> c.status().users());
    meters.gauge(
        "satchel.bytes", "bytes", "size of the snapshot as it is published", c -> c.view().bytes());
    meters.gauge(
        "satchel.field.mistakes",
        null,
        "fields that are asked for in vain",
        c -> c.status().fieldMistakes().size());
    meters.gauge(
        "satchel.told",
        null,
        "1 while the source tells of changes as they come, 0 while polls find them",
        c -> c.isToldOfChanges() ? 1 : 0);
    for (ClientStatus.State state : ClientStatus.State.values()) {
      meters.gauge(
          "satchel.state",
          null,
          "1 for the state that the client is in, 0 for the others",
          c -> c.status().state() == state ? 1 : 0,
          "state",
          lower(state));
    }
    meters.gauge("satchel.build.info", null, "the version of the SDK", c -> 1, "version", VERSION);
  }

  /** The meters of the client in one registry. */
  private final class Meters {
    private final MeterRegistry registry;
    private final List<Meter> made = new ArrayList<>();

    Meters(MeterRegistry registry) {
      this.registry = registry;
    }

    void gauge(
        String name,
        @Nullable String unit,
        String description,
        ToDoubleFunction<ConfigClient> value,
        String... ownTags) {
      Tags all = tags.and(ownTags);
      removeEarlier(name, Meter.Type.GAUGE, all);
      made.add(
          Gauge.builder(name, client, value)
              .description(description)
              .baseUnit(unit)
              .tags(all)
              .register(registry));
    }

    Counter counter(String name, @Nullable String unit, String description, Tags all) {
      removeEarlier(name, Meter.Type.COUNTER, all);
      Counter counter =
          Counter.builder(name)
              .description(description)
              .baseUnit(unit)
              .tags(all)
              .register(registry);
      made.add(counter);
      return counter;
    }

    Timer timer(String name, String description) {
      removeEarlier(name, Meter.Type.TIMER, tags);
      Timer timer =
          Timer.builder(name)
              .description(description)
              .serviceLevelObjectives(REFRESH_BUCKETS)
              .tags(tags)
              .register(registry);
      made.add(timer);
      return timer;
    }

    /** Removes the meter of an earlier client, which would go on in place of a new one. */
    private void removeEarlier(String name, Meter.Type type, Tags all) {
      registry.removeByPreFilterId(new Meter.Id(name, all, null, null, type));
    }

    /** Removes these meters, but not those of a later client that have taken their place. */
    void remove() {
      for (Meter there : registry.getMeters()) {
        if (made.stream().anyMatch(meter -> meter == there)) {
          registry.remove(there);
        }
      }
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Reads the version from the file that the build writes. */
  private static String version() {
    var build = new Properties();
    try (InputStream in = SatchelMetrics.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version", "unknown");
  }

  private double secondsSince(@Nullable Instant then) {
    if (then == null) {
      return Double.NaN;
    }
    var age = Duration.between(then, clock.instant());
    return age.getSeconds() + age.getNano() / NANOS; // toNanos ends at 292 years
  }

  /** Removes the meters from their registries. Idempotent; closing the client does the same. */
  @Override
  public void close() {
    List<Runnable> all;
    synchronized (bound) {
      all = List.copyOf(bound);
      bound.clear();
    }
    all.forEach(Runnable::run);
  }
}
