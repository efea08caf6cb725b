package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many pages a second does an application serve, and how long do its users wait, if every page
 * asks for one boolean of its user?
 *
 * <p>Data: a million typical users, drawn at random by wrk, over 32 connections. Rows: the demo app
 * itself; and a plain server with the demo's page, filled in again for each request, which knows
 * nothing about the user (the ceiling), or asks a snapshot, or reads a KV pair, without a delay and
 * with the 10 ms of {@link ReadBenchmark}. wrk, the server and the KV server share the machine's
 * processors: the rows can be compared with each other, not with a server on a machine of its own.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --only page
 * </pre>
 *
 * Expected: the snapshot within a few percent of the ceiling; a pair at a fraction of it, since
 * every page then costs a second request, and with 10 ms at no more than 3,200 a second.
 */
final class PageBenchmark {
  static final int CONNECTIONS = 32;
  static final String BANNER =
      "<div class=\"preview-banner\">🎉 You have early access to preview features! 🎉</div>\n";

  private static final int HEAP_MIB = 512;
  private static final int DELAY_MILLIS = 10;
  private static final long PAUSE_MILLIS = 50;
  private static final long READY_NANOS = 60_000_000_000L;

  private final Trial trial;
  private final Wrk wrk;
  private final ArrayNode found = JsonNodeFactory.instance.arrayNode();
  private final HttpClient http = HttpClient.newHttpClient();

  private PageBenchmark(Trial trial, Wrk wrk) {
    this.trial = trial;
    this.wrk = wrk;
  }

  /** Measures the pages; empty if wrk is missing. */
  static ArrayNode measure(Trial trial) throws IOException {
    if (!Wrk.isInstalled()) {
      Trial.say("%s", Wrk.MISSING);
      return JsonNodeFactory.instance.arrayNode();
    }
    trial.store().ensureSnapshot(trial.users());
    trial.store().ensurePairs(trial.users());
    List<String> userIds = new ArrayList<>();
    List<String> withPreview = new ArrayList<>();
    SyntheticUsers.forEach(
        trial.users(),
        Store.PROFILE,
        (id, values) -> {
          userIds.add(id.toString());
          if (withPreview.isEmpty() && Boolean.TRUE.equals(values[0])) {
            withPreview.add(id.toString());
          }
        });
    PageBenchmark benchmark = new PageBenchmark(trial, Wrk.asking(trial.folder(), userIds));
    try {
      benchmark.run(withPreview.get(0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while pages were measured", e);
    }
    return benchmark.found;
  }

  private void run(String withPreview) throws IOException, InterruptedException {
    Map<String, String> variables = new HashMap<>(trial.store().variables());
    variables.put("SATCHEL_KEY", Store.key(trial.users()));
    Path template = demo(variables, withPreview);
    server(PageServer.Knows.NOTHING, 0, template, variables);
    server(PageServer.Knows.SNAPSHOT, 0, template, variables);
    server(PageServer.Knows.PER_KEY, 0, template, variables);
    server(PageServer.Knows.PER_KEY, DELAY_MILLIS, template, variables);
  }

  /** Measures the demo app, and returns its page as a file. */
  private Path demo(Map<String, String> variables, String withPreview)
      throws IOException, InterruptedException {
    Trial.say("page: the demo app");
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(Programs.jarCommand(Programs.jar("demo-app", "satchel-demo.jar")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(trial.folder().resolve("demo.log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SATCHEL_"));
    builder.environment().putAll(variables);
    builder.environment().put("PORT", String.valueOf(port));
    Process demo = builder.start();
    try {
      awaitReady(demo, port);
      String page = get(port, "/?userId=" + withPreview).body();
      if (!page.contains(BANNER)) {
        throw new IOException("expected the banner in the page of " + withPreview + ": " + page);
      }
      add("demo app, snapshot", 0, port);
      Path template = trial.folder().resolve("page.html");
      Files.writeString(template, page.replace("%", "%%").replace(BANNER, "%s"));
      return template;
    } finally {
      demo.destroy();
      demo.waitFor();
    }
  }

  private void server(
      PageServer.Knows knows, int delayMillis, Path template, Map<String, String> variables)
      throws IOException {
    String name =
        switch (knows) {
          case NOTHING -> "page, no lookup";
          case SNAPSHOT -> "page, snapshot";
          case PER_KEY -> delayMillis == 0 ? "page, pair" : "page, pair + " + delayMillis + " ms";
        };
    Trial.say("page: %s", name);
    List<String> command =
        Programs.main(HEAP_MIB, PageServer.class, knows.name(), template.toString());
    try (Child server = Child.start(command, variables)) {
      int port = server.answer().get("port").asInt();
      trial.store().delayReads(delayMillis);
      add(name, delayMillis, port);
    } finally {
      trial.store().delayReads(0);
    }
  }

  private void add(String name, int delayMillis, int port) throws IOException {
    wrk.run(port, CONNECTIONS, trial.of(5, 2)); // lets the compiler warm up
    JsonNode result = wrk.run(port, CONNECTIONS, trial.of(10, 3));
    ObjectNode row = found.addObject();
    row.put("name", name);
    row.put("users", trial.users());
    row.put("delayMillis", delayMillis);
    row.put("connections", CONNECTIONS);
    row.put("perSecond", result.get("requests").asDouble() / result.get("seconds").asDouble());
    row.setAll((ObjectNode) result);
    if (result.get("failures").asLong() > 0) {
      throw new IOException("expected no failures but found " + row);
    }
  }

  private void awaitReady(Process demo, int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_NANOS;
    while (true) {
      try {
        if (get(port, "/health/ready").statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        if (!demo.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "the demo app did not start: " + Files.readString(trial.folder().resolve("demo.log")),
              e);
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static String text(JsonNode rows) {
    if (rows.isEmpty()) {
      return Wrk.MISSING + "\n";
    }
    TextGrid grid =
        new TextGrid(
            "pages over 32 connections",
            "a second",
            "p50, ms",
            "p90",
            "p99",
            "p99.9",
            "p99.99",
            "most");
    for (JsonNode row : rows) {
      JsonNode micros = row.get("micros");
      List<Object> cells = new ArrayList<>();
      cells.add(row.get("name").asText());
      cells.add(Math.round(row.get("perSecond").asDouble()));
      for (String member : List.of("p50", "p90", "p99", "p99_9", "p99_99", "most")) {
        cells.add(micros.get(member).asDouble() / 1e3);
      }
      grid.row(cells.toArray());
    }
    return grid.toString();
  }
}
