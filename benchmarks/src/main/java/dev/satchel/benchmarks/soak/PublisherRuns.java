package dev.satchel.benchmarks.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts how the publisher's runs ended, by its metrics and across its restarts. Confined to one
 * thread.
 */
final class PublisherRuns {
  private static final Pattern RUNS =
      Pattern.compile("satchel_publisher_runs_total\\{outcome=\"(\\w+)\"\\} ([0-9.eE+]+)");
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI metrics;
  private final URI ready;
  private final Map<String, Long> latest = new HashMap<>();
  private final Map<String, Long> sums = new HashMap<>();

  PublisherRuns(int port) {
    metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
    ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
  }

  /** Returns whether the publisher has published. */
  boolean isReady() throws InterruptedException {
    try {
      return get(ready).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Reads the metrics again; a publisher that does not answer changes nothing. */
  void read() throws InterruptedException {
    try {
      read(get(metrics).body());
    } catch (IOException e) {
      // it was killed and will come back
    }
  }

  /** Evaluates the text of the metrics. */
  void read(String text) {
    Matcher run = RUNS.matcher(text);
    while (run.find()) {
      String outcome = run.group(1);
      long count = Math.round(Double.parseDouble(run.group(2)));
      long before = latest.getOrDefault(outcome, 0L);
      sums.merge(outcome, Sixth.grown(before, count), Long::sum);
      latest.put(outcome, count);
    }
  }

  long published() {
    return sums.getOrDefault("published", 0L);
  }

  /** Returns the runs that failed or were refused. */
  long failed() {
    return sums.getOrDefault("failed", 0L) + sums.getOrDefault("refused", 0L);
  }

  private HttpResponse<String> get(URI address) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(address).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
