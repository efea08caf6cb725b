package dev.satchel.sdk.metrics;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.RefreshReport;
import dev.satchel.sdk.Registration;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
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
import java.util.concurrent.CopyOnWriteArrayList;
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
 * satchel.refreshes      counter, attempts by outcome: updated, unchanged, failed
 * satchel.refresh        timer with buckets, how long attempts take
 * satchel.build.info     gauge, always 1; its tag version is the version of the SDK
 * </pre>
 *
 * With several clients, the meters need tags to tell them apart. Closing ends the counting; the
 * meters stay in their registry.
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
  private final List<Tag> tags;
  private final InstantSource clock;
  private final List<Registration> registrations = new CopyOnWriteArrayList<>();

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
    var copy = new ArrayList<Tag>();
    tags.forEach(copy::add);
    this.tags = List.copyOf(copy);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("satchel.age", client, c -> secondsSince(c.status().lastChecked()))
        .description("time since the source last confirmed the snapshot")
        .baseUnit("seconds")
        .tags(tags)
        .register(registry);
    Gauge.builder("satchel.published.age", client, c -> secondsSince(c.status().publishedAt()))
        .description("time since the publisher made what is in use")
        .baseUnit("seconds")
        .tags(tags)
        .register(registry);
    Gauge.builder("satchel.revision", client, c -> (double) c.status().revision())
        .description("the revision in use")
        .tags(tags)
        .register(registry);
    Gauge.builder("satchel.users", client, c -> c.status().users())
        .description("users in the revision in use")
        .tags(tags)
        .register(registry);
    Gauge.builder("satchel.bytes", client, c -> c.view().bytes())
        .description("size of the snapshot as it is published")
        .baseUnit("bytes")
        .tags(tags)
        .register(registry);
    for (ClientStatus.State state : ClientStatus.State.values()) {
      Gauge.builder("satchel.state", client, c -> c.status().state() == state ? 1 : 0)
          .description("1 for the state that the client is in, 0 for the others")
          .tags(tags)
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("satchel.build.info", () -> 1)
        .description("the version of the SDK")
        .tags(tags)
        .tag("version", VERSION)
        .register(registry);
    Timer timer =
        Timer.builder("satchel.refresh")
            .description("how long attempts to refresh take")
            .serviceLevelObjectives(REFRESH_BUCKETS)
            .tags(tags)
            .register(registry);
    Map<RefreshReport.Outcome, Counter> counters = new EnumMap<>(RefreshReport.Outcome.class);
    for (RefreshReport.Outcome outcome : RefreshReport.Outcome.values()) {
      counters.put(
          outcome,
          Counter.builder("satchel.refreshes")
              .description("attempts to refresh by outcome")
              .tags(tags)
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    registrations.add(
        client.onRefresh(
            report -> {
              timer.record(report.took());
              Counter counter = counters.get(report.outcome());
              if (counter != null) {
                counter.increment();
              }
            }));
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
    return then == null ? Double.NaN : Duration.between(then, clock.instant()).toNanos() / NANOS;
  }

  /** Ends the counting of attempts. Idempotent. */
  @Override
  public void close() {
    registrations.forEach(Registration::close);
  }
}
