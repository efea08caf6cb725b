package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.Machine;
import dev.satchel.benchmarks.RecordedRun;
import dev.satchel.benchmarks.ScratchFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Does anything grow, slow down or break when Satchel works for an hour, with faults that come and
 * go?
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.soak.SoakReport \
 *     [--minutes N | --quick] [--redraw]
 * </pre>
 *
 * Run it in the repository, built by {@code mvn -DskipTests package}, on Linux. It takes 60
 * minutes, N, or 5 with {@code --quick}; {@code --redraw} makes text and charts again from the
 * recorded run.
 *
 * <p>Data: 100,000 typical users in a private PostgreSQL, 102 of whom change five times a second.
 * {@code satchel run} publishes each second, or as often as it can, to the local KV server; ten
 * {@link Reader}s poll it each second and make 100,000 lookups a second; the demo app answers 100
 * pages a second; {@link Fault}s come one after the other. Readers and loads are checked all the
 * time for what {@link Rounds} promises.
 *
 * <p>Expected: no violation, and the last sixth is like the second, by the rule of {@link
 * Flatness}. The exit status is 1 otherwise. Writes {@code soak.json}, {@code soak.txt} and {@code
 * soak-….png} under {@code benchmarks/results}; {@code soak-quick} or {@code soak-partial} if it
 * ran for less than the hour.
 */
public final class SoakReport {
  private static final int FULL_MINUTES = 60;
  private static final int QUICK_MINUTES = 5;

  private SoakReport() {}

  /** Runs the soak, and prints and writes the report. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of(arguments));
    boolean quick = options.remove("--quick");
    boolean redraw = options.remove("--redraw");
    int minutes = quick ? QUICK_MINUTES : FULL_MINUTES;
    int at = options.indexOf("--minutes");
    if (at >= 0 && at + 1 < options.size()) {
      minutes = Integer.parseInt(options.remove(at + 1));
      options.remove(at);
    }
    if (!options.isEmpty() || minutes < 1) {
      throw new IllegalArgumentException(
          "expected --minutes N of 1 or more, --quick and --redraw but found "
              + List.of(arguments));
    }
    RecordedRun recorded =
        new RecordedRun(
            minutes == FULL_MINUTES
                ? "soak"
                : minutes == QUICK_MINUTES ? "soak-quick" : "soak-partial");
    ObjectNode report = redraw ? recorded.read() : measure(arguments, minutes);
    recorded.write(report);
    recorded.write(SoakText.of(report));
    SoakCharts.draw(report, recorded.file("").toString());
    System.exit(isGood(report) ? 0 : 1);
  }

  private static ObjectNode measure(String[] arguments, int minutes)
      throws IOException, InterruptedException {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("command", (SoakReport.class.getName() + " " + String.join(" ", arguments)).strip());
    report.set("machine", Machine.describe());
    report.put("minutes", minutes);
    report.put("users", Rounds.USERS);
    ScratchFolder scratch = ScratchFolder.create("satchel-soak-");
    Violations violations = new Violations();
    try (Processes processes = new Processes(scratch.path())) {
      processes.start();
      try (PageLoad load = new PageLoad(processes.pagePort(), violations)) {
        report.setAll(new Soak(minutes * 60, processes, violations, load).run());
      }
    }
    scratch.remove(); // only after success, because it holds the logs of a failure
    return report;
  }

  private static boolean isGood(JsonNode report) {
    boolean isGood = report.get("verdict").get("isFlat").asBoolean();
    for (JsonNode count : report.get("violations")) {
      isGood &= count.asLong() == 0;
    }
    return isGood;
  }
}
