package dev.satchel.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Prometheus of this machine, as a process of its own on a port of its own. */
final class RunningPrometheus implements AutoCloseable {
  private static final Pattern ADDRESS =
      Pattern.compile("msg=\"Listening on\" address=(127\\.0\\.0\\.1:\\d+)");
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String address;

  private RunningPrometheus(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Returns whether Debian's package prometheus, or the same from elsewhere, is installed. */
  static boolean isInstalled() {
    return List.of("prometheus", "promtool").stream().allMatch(RunningPrometheus::isOnThePath);
  }

  private static boolean isOnThePath(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Starts it with a configuration, and waits until it listens. */
  static RunningPrometheus start(Path folder, String configuration) throws IOException {
    Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .start();
    var said = new StringBuilder();
    BufferedReader log = process.inputReader(UTF_8);
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      Matcher found = ADDRESS.matcher(line);
      if (found.find()) {
        var rest = new Thread(() -> log.lines().forEach(unread -> {}), "log of Prometheus");
        rest.setDaemon(true);
        rest.start();
        return new RunningPrometheus(process, found.group(1));
      }
    }
    process.destroyForcibly();
    throw new AssertionError("expected Prometheus to listen but it said:\n" + said);
  }

  /** Gives the data of an answer of the API; fails if it is an error. */
  JsonNode get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/api/v1/" + path))
            .timeout(DEADLINE)
            .build();
    JsonNode answer =
        new ObjectMapper().readTree(http.send(request, BodyHandlers.ofString()).body());
    assertThat(answer.path("status").asText()).as("%s: %s", path, answer).isEqualTo("success");
    return answer.path("data");
  }

  /** Gives what an expression gives now; fails if it is wrong. */
  JsonNode query(String expression) throws IOException, InterruptedException {
    return get("query?query=" + URLEncoder.encode(expression, UTF_8)).path("result");
  }

  /** Asks until the answer is as wanted. */
  JsonNode await(String path, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    @Nullable JsonNode answer = null;
    while (System.nanoTime() < deadline) {
      answer = get(path);
      if (wanted.test(answer)) {
        return answer;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    throw new AssertionError("not within a minute: " + path + " still gives " + answer);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
