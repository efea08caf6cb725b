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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters of one publisher, as Prometheus reads them. Safe for any thread. */
final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Supplier<KvTraffic> traffic;
  private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();

  Metrics(Subject subject) {
    Ledger ledger = subject.ledger();
    traffic = subject.service()::traffic;
    for (Run.Outcome outcome : Run.Outcome.values()) {
      FunctionCounter.builder("satchel.publisher.runs", ledger, l -> l.count(outcome))
          .description("finished runs by outcome")
          .tag("outcome", lower(outcome))
          .register(registry);
    }
    FunctionCounter.builder("satchel.publisher.skipped", ledger, Ledger::skipped)
        .description("ticks of the schedule that were skipped")
        .register(registry);
    ofLastMeasured(ledger, "rows", "rows read by the last good run", Run::users);
    ofLastMeasured(ledger, "users", "users in the snapshot in use", Run::users);
    ofLastMeasured(ledger, "bytes", "bytes of the snapshot in use", Run::bytes);
    ofLastMeasured(
        ledger, "patch.bytes", "bytes of the patch to it, 0 if there is none", Run::patchBytes);
    ofLastMeasured(
        ledger,
        "limit.share",
        "bytes of the snapshot in use as a share of the limit",
        run -> run.bytes() / (double) subject.limitBytes());
    ofLastMeasured(ledger, "revision", "revision in use", Run::revision);
    ofLastMeasured(
        ledger,
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
        .baseUnit("bytes")
        .register(registry);
    FunctionCounter.builder("satchel.kv.received", this, m -> m.traffic.get().bytesReceived())
        .baseUnit("bytes")
        .register(registry);
    ledger.follow(this::count);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void ofLastMeasured(
      Ledger ledger, String name, String description, ToDoubleFunction<Run> number) {
    Gauge.builder(
            "satchel.publisher." + name,
            () -> ledger.lastMeasured().map(number::applyAsDouble).orElse(Double.NaN))
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
                    .register(registry)
                    .record(Duration.ofNanos((long) (seconds * 1e9))));
    Counter.builder("satchel.publisher.rows.read")
        .description("rows read by all runs")
        .register(registry)
        .increment((double) run.users());
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
}
