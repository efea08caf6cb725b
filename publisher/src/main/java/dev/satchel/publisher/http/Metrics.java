package dev.satchel.publisher.http;

import dev.satchel.publisher.kv.KvTraffic;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.Run;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one publisher, as Prometheus reads them. Safe for any thread. */
final class Metrics implements AutoCloseable {
  /** From a run over a small table to one that is about to time out. */
  private static final Duration[] STAGE_BUCKETS =
      seconds(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300);

  /** From an answer of a server near by to one that has to carry 25 MiB. */
  private static final Duration[] REQUEST_BUCKETS =
      seconds(0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMeters process = new ProcessMeters(registry);
  private final Supplier<KvTraffic> traffic;
  private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();

  /**
   * @param readers null if no snapshots are served
   */
  Metrics(Subject subject, @Nullable SnapshotReaders readers) {
    Ledger ledger = subject.ledger();
    traffic = subject.service()::traffic;
    for (Run.Outcome outcome : Run.Outcome.values()) {
      FunctionCounter.builder("satchel.publisher.runs", ledger, l -> l.count(outcome))
          .description("finished runs by outcome")
          .tag("outcome", lower(outcome))
          .register(registry);
      Gauge.builder("satchel.publisher.last.outcome", () -> isLast(ledger, outcome) ? 1 : 0)
          .description("1 for the outcome of the last run, 0 for the others")
          .tag("outcome", lower(outcome))
          .register(registry);
    }
    FunctionCounter.builder("satchel.publisher.skipped", ledger, Ledger::skipped)
        .description("ticks of the schedule that were skipped")
        .register(registry);
    Supplier<Optional<Run>> measured = ledger::lastMeasured;
    ofRun(measured, "rows", "rows read by the last good run", Run::users);
    ofRun(measured, "users", "users in the snapshot in use", Run::users);
    ofRun(measured, "bytes", "bytes of the snapshot in use", Run::bytes);
    ofRun(
        measured,
        "patch.bytes",
        "bytes of the patch to the snapshot in use, 0 if there is none",
        Run::patchBytes);
    ofRun(
        measured,
        "limit.share",
        "bytes of the snapshot in use as a share of the limit",
        run -> run.bytes() / (double) subject.limitBytes());
    ofRun(measured, "revision", "revision in use", Run::revision);
    ofRun(
        ledger::lastGood,
        "publication.age.seconds",
        "time since the last good run began",
        run -> Duration.between(run.beganAt(), subject.clock().instant()).toMillis() / 1e3);
    Gauge.builder("satchel.publisher.ready", () -> subject.readiness().isReady() ? 1 : 0)
        .description("whether the last good publication is recent enough")
        .register(registry);
    Gauge.builder("satchel.publisher.standby", () -> ledger.waitingFor().isPresent() ? 1 : 0)
        .description("whether another publisher is at work")
        .register(registry);
    FunctionCounter.builder("satchel.kv.retries", this, m -> m.traffic.get().retries())
        .description("requests to KV that repeated an earlier one")
        .register(registry);
    FunctionCounter.builder("satchel.kv.sent", this, m -> m.traffic.get().bytesSent())
        .description("bytes sent to KV in bodies of requests")
        .baseUnit("bytes")
        .register(registry);
    FunctionCounter.builder("satchel.kv.received", this, m -> m.traffic.get().bytesReceived())
        .description("bytes received from KV in bodies of responses")
        .baseUnit("bytes")
        .register(registry);
    Timer requests =
        Timer.builder("satchel.kv.request")
            .description("how long requests to KV take")
            .serviceLevelObjectives(REQUEST_BUCKETS)
            .register(registry);
    subject.service().followRequests(requests::record);
    ledger.follow(this::count);
    if (readers != null) {
      add(readers);
    }
  }

  private void add(SnapshotReaders readers) {
    Gauge.builder("satchel.publisher.snapshots.waiting", readers, SnapshotReaders::waiting)
        .description("requests of applications that wait for a change")
        .register(registry);
    for (SnapshotReaders.Answer what : SnapshotReaders.Answer.values()) {
      FunctionCounter.builder("satchel.publisher.snapshots.answers", readers, r -> r.answers(what))
          .description("answers to applications by what they have")
          .tag("what", lower(what))
          .register(registry);
    }
    FunctionCounter.builder("satchel.publisher.snapshots.sent", readers, SnapshotReaders::sentBytes)
        .description("bytes of values and patches sent to applications")
        .baseUnit("bytes")
        .register(registry);
  }

  private static Duration[] seconds(double... bounds) {
    var durations = new Duration[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      durations[i] = ofSeconds(bounds[i]);
    }
    return durations;
  }

  private static Duration ofSeconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static boolean isLast(Ledger ledger, Run.Outcome outcome) {
    return ledger.lastRun().map(Run::outcome).filter(outcome::equals).isPresent();
  }

  /** Registers a gauge of a run, which is NaN while there is no such run. */
  private void ofRun(
      Supplier<Optional<Run>> run, String name, String description, ToDoubleFunction<Run> number) {
    Gauge.builder(
            "satchel.publisher." + name,
            () -> run.get().map(number::applyAsDouble).orElse(Double.NaN))
        .description(description)
        .register(registry);
  }

  private void count(Run run) {
    run.seconds()
        .forEach(
            (stage, seconds) ->
                Timer.builder("satchel.publisher.stage")
                    .description("how long the stages of runs take")
                    .tag("stage", stage)
                    .serviceLevelObjectives(STAGE_BUCKETS)
                    .register(registry)
                    .record(ofSeconds(seconds)));
    Counter.builder("satchel.publisher.rows.read")
        .description("rows read by all runs")
        .register(registry)
        .increment((double) run.users());
    countPairs("written", run.pairs().written());
    countPairs("deleted", run.pairs().deleted());
  }

  private void countPairs(String what, long pairs) {
    Counter.builder("satchel.publisher.pairs")
        .description("pairs of users that all runs have written and deleted")
        .tag("what", what)
        .register(registry)
        .increment((double) pairs);
  }

  /** Returns all meters in Prometheus's text format. */
  String scrape() {
    for (int status : traffic.get().requestsByStatus().keySet()) {
      if (statuses.add(status)) {
        FunctionCounter.builder(
                "satchel.kv.requests",
                this,
                m -> m.traffic.get().requestsByStatus().getOrDefault(status, 0L))
            .description(
                "finished requests to KV by HTTP status, 0 if there was no complete response")
            .tag("status", Integer.toString(status))
            .register(registry);
      }
    }
    return registry.scrape();
  }

  /** Ends the meters that follow the JVM. */
  @Override
  public void close() {
    process.close();
    registry.close();
  }
}
