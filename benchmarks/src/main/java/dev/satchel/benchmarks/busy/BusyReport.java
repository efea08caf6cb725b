package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.CacheSweep;
import dev.satchel.benchmarks.Machine;
import dev.satchel.benchmarks.RecordedRun;
import dev.satchel.benchmarks.decision.Child;
import dev.satchel.benchmarks.decision.Programs;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How fast is Satchel where memory is far and nothing is warm: lookups, opening in a new JVM,
 * publishing, and commands that only print? Measured twice: with the machine to itself, and beside
 * a process that sweeps the last cache all the time ({@link CacheSweep}), as strangers on the same
 * machine do.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.busy.BusyReport [--quick]
 * </pre>
 *
 * Run it in the repository, on an otherwise idle machine: about twenty minutes. Needs psql on the
 * path. {@code --quick} has fewer users and repetitions. Writes {@code
 * benchmarks/results/busy.json} and {@code busy.txt}, or {@code busy-quick}.
 */
public final class BusyReport {
  private static final int SWEEP_HEAP_MIB = 256;

  private BusyReport() {}

  /** Measures, prints and writes the report. */
  public static void main(String[] arguments) throws IOException {
    List<String> options = List.of(arguments);
    if (!List.of("--quick").containsAll(options)) {
      throw new IllegalArgumentException("expected --quick or nothing but found " + options);
    }
    boolean quick = !options.isEmpty();
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("command", BusyReport.class.getName() + (quick ? " --quick" : ""));
    report.set("machine", Machine.describe());
    report.set("quiet", measure(quick));
    try (Child sweep = Child.start(Programs.main(SWEEP_HEAP_MIB, CacheSweep.class), Map.of())) {
      sweep.answer();
      report.set("busy", measure(quick));
    }
    RecordedRun recorded = new RecordedRun(quick ? "busy-quick" : "busy");
    recorded.write(report);
    recorded.write(Machine.inWords(report.get("machine")) + "\n" + new BusyGoals(report));
  }

  private static ObjectNode measure(boolean quick) throws IOException {
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    found.set("lookups", FarLookups.measure(quick));
    found.set("opening", ColdOpening.measure(quick));
    found.set("publishing", PublishCost.measure(quick));
    found.set("commandLine", CommandLine.measure(quick));
    return found;
  }
}
