package dev.satchel.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Measures what a {@link HeapTask} keeps, and finds by halving the smallest heap in which it
 * completes: what is alive at the worst moment, without garbage. Each try is a JVM of its own with
 * the serial collector and a young generation of 1 MiB, which does a full collection before it
 * gives up. Memory of zstd itself, about 100 KiB for each thread, is not on the heap and not
 * included.
 */
final class HeapNeed {
  private static final int MIB = 1 << 20;
  private static final int LEAST_MIB = 3;
  private static final int MOST_MIB = 2_048;

  private HeapNeed() {}

  /** Returns the bytes that the task reports its result keeps. */
  static long kept(String... task) throws IOException {
    return run(MOST_MIB, task)
        .orElseThrow(() -> new IOException("expected this to complete: " + String.join(" ", task)));
  }

  /**
   * Returns the smallest heap in bytes, to one part in {@code precision} and 1 MiB. Callers
   * subtract what the task {@code none} needs.
   */
  static long smallest(int precision, String... task) throws IOException {
    int low = LEAST_MIB;
    int high = 2 * LEAST_MIB;
    while (high < MOST_MIB && run(high, task).isEmpty()) {
      low = high;
      high *= 2;
    }
    while (high - low > Math.max(high / precision, 1)) {
      int middle = (low + high) / 2;
      if (run(middle, task).isPresent()) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return (long) high * MIB;
  }

  /** Returns what the task printed, or nothing if the heap was too small. */
  private static OptionalLong run(int heapMib, String... task) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:MarkSweepAlwaysCompactCount=1", // or up to 5 % of the heap may stay garbage
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmn1m",
                "-Xmx" + heapMib + "m",
                "-cp",
                System.getProperty("java.class.path"),
                HeapTask.class.getName()));
    command.addAll(List.of(task));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        return OptionalLong.empty();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + String.join(" ", task), e);
    }
    return OptionalLong.of(printed.isEmpty() ? 0 : Long.parseLong(printed));
  }
}
