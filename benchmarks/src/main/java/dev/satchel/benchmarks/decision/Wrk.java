package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The load generator wrk, which asks for the pages of random users. */
final class Wrk {
  /** Says what to do about a machine without wrk. */
  static final String MISSING =
      "wrk is not installed, so the page was not measured: on Debian, apt-get install wrk";

  private static final String SCRIPT =
      """
      -- asks for the page of users drawn at random; prints one line of JSON at the end
      local line = 37 -- an id of 36 characters and a line's end
      local file = io.open("%s", "rb")
      local ids = file:read("*a")
      file:close()
      local users = #ids / line

      function init(args)
        math.randomseed(42)
      end

      function request()
        local at = math.random(0, users - 1) * line
        return wrk.format("GET", "/?userId=" .. ids:sub(at + 1, at + 36))
      end

      function done(summary, latency, requests)
        local errors = summary.errors
        print(string.format(
          'RESULT {"requests":%%d,"seconds":%%.6f,"failures":%%d,"micros":' ..
          '{"p50":%%d,"p90":%%d,"p99":%%d,"p99_9":%%d,"p99_99":%%d,"most":%%d}}',
          summary.requests, summary.duration / 1e6,
          errors.status + errors.connect + errors.read + errors.write + errors.timeout,
          latency:percentile(50), latency:percentile(90), latency:percentile(99),
          latency:percentile(99.9), latency:percentile(99.99), latency.max))
      end
      """;

  private final Path script;

  private Wrk(Path script) {
    this.script = script;
  }

  /** Returns whether wrk is installed. */
  static boolean isInstalled() {
    try {
      Process version = new ProcessBuilder("wrk", "-v").redirectErrorStream(true).start();
      version.getInputStream().readAllBytes();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Creates a load that draws from these ids of 36 characters. */
  static Wrk asking(Path folder, List<String> userIds) throws IOException {
    Path ids = folder.resolve("user-ids.txt");
    Files.writeString(ids, String.join("\n", userIds) + "\n");
    Path script = folder.resolve("random-users.lua");
    Files.writeString(script, SCRIPT.formatted(ids));
    return new Wrk(script);
  }

  /** Asks the server on this port over this many connections for this many seconds. */
  JsonNode run(int port, int connections, int seconds) throws IOException {
    Process process =
        new ProcessBuilder(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + seconds + "s",
                "--script=" + script,
                "http://127.0.0.1:" + port)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new JsonMapper()
        .readTree(
            said.lines()
                .filter(line -> line.startsWith("RESULT "))
                .findFirst()
                .orElseThrow(() -> new IOException("expected a result of wrk but found " + said))
                .substring("RESULT ".length()));
  }
}
