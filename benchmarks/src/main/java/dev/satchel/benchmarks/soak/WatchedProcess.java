package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Measures what a JVM uses, as Linux and the JVM's log of collections report it. */
final class WatchedProcess {
  private final Path proc;
  private final GcLog gcLog;

  WatchedProcess(ProcessHandle process, GcLog gcLog) {
    proc = Path.of("/proc", Long.toString(process.pid()));
    this.gcLog = gcLog;
  }

  /**
   * Returns options for a heap of one fixed size that is touched at the start, so that the heap
   * does not make resident memory grow.
   */
  static List<String> options(int heapMib, GcLog gcLog) {
    return List.of(
        "-Xms" + heapMib + "m", "-Xmx" + heapMib + "m", "-XX:+AlwaysPreTouch", gcLog.option());
  }

  /** Returns what the process uses now; members are empty if it has just ended. */
  ObjectNode sample() throws IOException {
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    gcLog.read();
    found.put("heapAfterMib", gcLog.heapAfterMib());
    found.put("pauses", gcLog.pauses());
    found.put("pauseMillis", gcLog.millis());
    if (!Files.exists(proc)) {
      return found;
    }
    for (String line : Files.readAllLines(proc.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        found.put("rssMib", number(line) / 1024.0);
      } else if (line.startsWith("Threads:")) {
        found.put("threads", number(line));
      }
    }
    try (Stream<Path> handles = Files.list(proc.resolve("fd"))) {
      found.put("fileHandles", handles.count());
    }
    return found;
  }

  /**
   * Returns the same as {@link #sample} at the end of a period, with the least heap in use during
   * it.
   */
  ObjectNode sampleAtEnd() throws IOException {
    return sample().put("leastHeapMib", gcLog.takeLeastHeapAfterMib());
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
