package dev.satchel.demo;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.metrics.SatchelMetrics;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;

/** The meters of the client, the JVM and the process, as Prometheus reads them. Thread-safe. */
final class Meters implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SatchelMetrics ofClient;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  Meters(ConfigClient client, InstantSource clock) {
    // Prometheus wants seconds, not nanoseconds, and no gauge whose name ends in count
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    ofClient = new SatchelMetrics(client, List.of(), clock);
    ofClient.bindTo(registry);
    new JvmInfoMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Returns all meters in Prometheus's text format. */
  String scrape() {
    return registry.scrape();
  }

  /** Ends the meters that follow the client and the JVM. */
  @Override
  public void close() {
    ofClient.close();
    collections.close();
    registry.close();
  }
}
