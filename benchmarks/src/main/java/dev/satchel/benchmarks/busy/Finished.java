package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.satchel.benchmarks.decision.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process has cost.
 *
 * @param seconds from its start to its end
 * @param processorSeconds of all its threads, user and system
 * @param printed the JSON that it printed; missing if it printed something else
 */
record Finished(double seconds, double processorSeconds, JsonNode printed) {
  private static final JsonMapper JSON = new JsonMapper();

  /** The last line of the shell's built-in times: user and system time of the processes it ran. */
  private static final Pattern TIMES =
      Pattern.compile("([0-9]+)m([0-9.]+)s ([0-9]+)m([0-9.]+)s\\s*$");

  /** Runs a command to its end; what it writes on standard error goes to a file. */
  static Finished of(List<String> command, Map<String, String> variables, Path log)
      throws IOException {
    List<String> timed = new ArrayList<>(List.of("sh", "-c", "\"$0\" \"$@\" || exit; times >&2"));
    timed.addAll(command);
    long start = System.nanoTime();
    Process process = Programs.builder(timed, variables).redirectError(log.toFile()).start();
    byte[] printed = process.getInputStream().readAllBytes();
    try {
      int status = process.waitFor();
      double seconds = (System.nanoTime() - start) / 1e9;
      String said = Files.readString(log);
      Matcher times = TIMES.matcher(said);
      if (status != 0 || !times.find()) {
        throw new IOException(String.join(" ", command) + " failed: " + said);
      }
      double minutes = Double.parseDouble(times.group(1)) + Double.parseDouble(times.group(3));
      return new Finished(
          seconds,
          60 * minutes + Double.parseDouble(times.group(2)) + Double.parseDouble(times.group(4)),
          json(new String(printed, StandardCharsets.UTF_8)));
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    }
  }

  private static JsonNode json(String printed) throws IOException {
    return printed.startsWith("{") ? JSON.readTree(printed) : JSON.missingNode();
  }
}
