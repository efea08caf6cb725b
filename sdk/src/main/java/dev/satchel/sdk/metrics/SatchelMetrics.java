package dev.satchel.sdk.metrics;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.RefreshReport;
import dev.satchel.sdk.RefreshReport.Fetched;
import dev.satchel.sdk.Registration;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
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
 * satchel.refreshes      counter, attempts by outcome: updated, unchanged, failed
 * satchel.fetches        counter, revisions fetched by kind: patch, value
 * satchel.fetched        counter, bytes of these by kind
 * satchel.refresh        timer, how long attempts take
 * </pre>
 *
 * With several clients, the meters need tags to tell them apart. Closing ends the counting; the
 * meters stay in their registry.
 */
@SuppressWarnings("exports") // its users have Micrometer
public final class SatchelMetrics implements MeterBinder, AutoCloseable {
  private static final double NANOS = 1e9;

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
    Timer timer =
        Timer.builder("satchel.refresh")
            .description("how long attempts to refresh take")
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
    Map<Fetched, Counter> fetches = byKind("satchel.fetches", "revisions fetched", null, registry);
    Map<Fetched, Counter> fetched = byKind("satchel.fetched", "fetched of them", "bytes", registry);
    registrations.add(
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
            }));
  }

  private Map<Fetched, Counter> byKind(
      String name, String description, @Nullable String unit, MeterRegistry registry) {
    Map<Fetched, Counter> counters = new EnumMap<>(Fetched.class);
    for (Fetched kind : List.of(Fetched.PATCH, Fetched.VALUE)) {
      counters.put(
          kind,
          Counter.builder(name)
              .description(description)
              .baseUnit(unit)
              .tags(tags)
              .tag("kind", kind.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    return counters;
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
