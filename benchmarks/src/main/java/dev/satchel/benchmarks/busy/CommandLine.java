package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.ScratchFolder;
import dev.satchel.benchmarks.decision.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** How much processor time do commands take that only print something? */
final class CommandLine {
  private CommandLine() {}

  /** Returns the median processor time of each, in seconds. */
  static ObjectNode measure(boolean quick) throws IOException {
    Path jar = Programs.jar("publisher", "satchel.jar");
    ScratchFolder folder = ScratchFolder.create("satchel-command-line");
    try {
      Path log = folder.path().resolve("log");
      return JsonNodeFactory.instance
          .objectNode()
          .put("versionProcessorSeconds", median(quick, jar, "--version", log))
          .put("helpProcessorSeconds", median(quick, jar, "--help", log));
    } finally {
      folder.remove();
    }
  }

  private static double median(boolean quick, Path jar, String option, Path log)
      throws IOException {
    double[] seconds = new double[quick ? 3 : 9];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = Finished.of(Programs.jarCommand(jar, option), Map.of(), log).processorSeconds();
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }
}
