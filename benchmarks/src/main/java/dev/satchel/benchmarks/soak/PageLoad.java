package dev.satchel.benchmarks.soak;

import dev.satchel.benchmarks.decision.Latencies;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks the demo app for a hundred pages a second over connections that stay open. A page's time
 * counts from when it was due, so that a stalled server shows in every page it delays.
 */
final class PageLoad implements AutoCloseable {
  private static final long EVERY_NANOS = 10_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String BANNER = "class=\"preview-banner\"";

  private record Visitor(URI page, boolean hasPreview) {}

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<Visitor> visitors = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(2);
  private final Violations violations;
  private long dueAt;

  // guarded by this
  private Latencies latencies = new Latencies();
  private long failures;

  PageLoad(int port, Violations violations) {
    this.violations = violations;
    SyntheticUsers.forEach(
        Rounds.USERS,
        Profile.TUTORIAL,
        (id, values) ->
            visitors.add(
                new Visitor(
                    URI.create("http://127.0.0.1:" + port + "/?userId=" + id),
                    Boolean.TRUE.equals(values[0]))));
  }

  void start() {
    dueAt = System.nanoTime();
    var unused =
        clock.scheduleAtFixedRate(this::ask, EVERY_NANOS, EVERY_NANOS, TimeUnit.NANOSECONDS);
  }

  private void ask() {
    dueAt += EVERY_NANOS;
    long due = dueAt;
    Visitor visitor = visitors.get(random.nextInt(visitors.size()));
    HttpRequest request = HttpRequest.newBuilder(visitor.page).timeout(PATIENCE).build();
    var unused =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .handle(
                (answer, failure) -> {
                  boolean isGood = failure == null && answer.statusCode() == 200;
                  ended(System.nanoTime() - due, isGood);
                  if (isGood && answer.body().contains(BANNER) != visitor.hasPreview) {
                    violations.add(
                        Violations.Kind.WRONG_PAGE,
                        "expected a page %s banner for %s"
                            .formatted(visitor.hasPreview ? "with" : "without", visitor.page));
                  }
                  return isGood;
                });
  }

  private synchronized void ended(long nanos, boolean isGood) {
    latencies.record(nanos);
    if (!isGood) {
      failures++;
    }
  }

  /** Returns the latencies since the last call, and starts again from none. */
  synchronized Latencies takeLatencies() {
    Latencies taken = latencies;
    latencies = new Latencies();
    return taken;
  }

  /** Returns how many pages were not answered, or not with 200. */
  synchronized long failures() {
    return failures;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
