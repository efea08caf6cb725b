package dev.satchel.sdk.metrics;

import dev.satchel.sdk.ClientStatus;
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
    List<Meter> meters = new ArrayList<>(gauges(registry));
    removeEarlier(registry, "satchel.refresh", Meter.Type.TIMER, tags);
    Timer timer =
        Timer.builder("satchel.refresh")
            .description("how long attempts to refresh take")
            .serviceLevelObjectives(REFRESH_BUCKETS)
            .tags(tags)
            .register(registry);
    meters.add(timer);
    Map<RefreshReport.Outcome, Counter> counters = new EnumMap<>(RefreshReport.Outcome.class);
    for (RefreshReport.Outcome outcome : RefreshReport.Outcome.values()) {
      Tags all = tags.and("outcome", outcome.name().toLowerCase(Locale.ROOT));
      removeEarlier(registry, "satchel.refreshes", Meter.Type.COUNTER, all);
      Counter counter =
          Counter.builder("satchel.refreshes")
              .description("attempts to refresh by outcome")
              .tags(all)
              .register(registry);
      counters.put(outcome, counter);
      meters.add(counter);
    }
    Registration counting =
        client.onRefresh(
            report -> {
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
            remove(meters, registry);
          });
    }
    client.closed().thenRun(this::close);
  }

  private List<Gauge> gauges(MeterRegistry registry) {
    var gauges = new Gauges(registry);
    gauges.add(
        "satchel.age",
        "seconds",
        "time since the source last confirmed the snapshot",
        c -> secondsSince(c.status().lastChecked()));
    gauges.add(
        "satchel.published.age",
        "seconds",
        "time since the publisher made what is in use",
        c -> secondsSince(c.status().publishedAt()));
    gauges.add("satchel.revision", null, "the revision in use", c -> c.status().revision());
    gauges.add("satchel.users", null, "users in the revision in use", c -> c.status().users());
    gauges.add(
        "satchel.bytes", "bytes", "size of the snapshot as it is published", c -> c.view().bytes());
    gauges.add(
        "satchel.field.mistakes",
        null,
        "fields that are asked for in vain",
        c -> c.status().fieldMistakes().size());
    for (ClientStatus.State state : ClientStatus.State.values()) {
      gauges.add(
          "satchel.state",
          null,
          "1 for the state that the client is in, 0 for the others",
          c -> c.status().state() == state ? 1 : 0,
          "state",
          state.name().toLowerCase(Locale.ROOT));
    }
    gauges.add("satchel.build.info", null, "the version of the SDK", c -> 1, "version", VERSION);
    return gauges.made;
  }

  /** Makes gauges of the client in one registry. */
  private final class Gauges {
    private final MeterRegistry registry;
    private final List<Gauge> made = new ArrayList<>();

    Gauges(MeterRegistry registry) {
      this.registry = registry;
    }

    void add(
        String name,
        @Nullable String unit,
        String description,
        ToDoubleFunction<ConfigClient> value,
        String... ownTags) {
      Tags all = tags.and(ownTags);
      removeEarlier(registry, name, Meter.Type.GAUGE, all);
      made.add(
          Gauge.builder(name, client, value)
              .description(description)
              .baseUnit(unit)
              .tags(all)
              .register(registry));
    }
  }

  /** Removes the meter of an earlier client, which would go on in place of a new one. */
  private static void removeEarlier(
      MeterRegistry registry, String name, Meter.Type type, Tags all) {
    registry.removeByPreFilterId(new Meter.Id(name, all, null, null, type));
  }

  /** Removes these meters, but not those of a later client that have taken their place. */
  private static void remove(List<Meter> meters, MeterRegistry registry) {
    for (Meter there : registry.getMeters()) {
      if (meters.stream().anyMatch(meter -> meter == there)) {
        registry.remove(there);
      }
    }
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
