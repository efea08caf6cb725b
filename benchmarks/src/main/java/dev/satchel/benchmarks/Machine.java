package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Describes where and on what a figure was measured; without that it means nothing. */
public final class Machine {
  private Machine() {}

  /** Returns date, commit, processor, system, JDK and load. */
  public static ObjectNode describe() {
    ObjectNode machine = JsonNodeFactory.instance.objectNode();
    machine.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put("commit", commit());
    machine.put("processor", processor());
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
    // more than the number of processors means that other processes were busy, too
    machine.put("loadAtStart", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return machine;
  }

  /** Returns the recorded output of {@link #describe} as text, one line for each member. */
  public static String inWords(JsonNode machine) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, JsonNode> fact : machine.properties()) {
      text.append(fact.getKey()).append(": ").append(fact.getValue().asText()).append('\n');
    }
    return text.toString();
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("unknown")
          : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Returns the commit, and whether the folder differs from it in more than the results. */
  private static String commit() {
    String changes = git("status", "--porcelain", "--", ".", ":!benchmarks/results");
    return git("rev-parse", "HEAD") + (changes.isEmpty() ? "" : " with changes");
  }

  private static String git(String... arguments) {
    try {
      Process git =
          new ProcessBuilder("git").command(command(arguments)).redirectErrorStream(true).start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static List<String> command(String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return command;
  }
}
