package dev.satchel.benchmarks.soak;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a JVM's {@code -Xlog:gc} output as it grows. Confined to one thread. */
final class GcLog {
  // [12.345s][info][gc] GC(7) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 2.345ms
  private static final Pattern PAUSE =
      Pattern.compile("Pause .* \\d+M->(\\d+)M\\(\\d+M\\) (\\d+\\.\\d+)ms");

  private final Path file;
  private long readBytes;
  private String unfinished = "";
  private long pauses;
  private double millis;
  private long heapAfterMib;
  private long leastHeapAfterMib = Long.MAX_VALUE;

  GcLog(Path file) {
    this.file = file;
  }

  /** Returns the option that makes the JVM write the log. */
  String option() {
    return "-Xlog:gc:file=" + file + "::filecount=0";
  }

  /** Reads what was written since the last time. */
  void read() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
      byte[] fresh = new byte[Math.toIntExact(from.length() - readBytes)];
      from.seek(readBytes);
      from.readFully(fresh);
      readBytes += fresh.length;
      take(new String(fresh, StandardCharsets.UTF_8));
    }
  }

  /** Reads a piece of the log, which may end within a line. */
  void take(String piece) {
    String text = unfinished + piece;
    int end = text.lastIndexOf('\n') + 1;
    unfinished = text.substring(end);
    Matcher pause = PAUSE.matcher(text.substring(0, end));
    while (pause.find()) {
      pauses++;
      heapAfterMib = Long.parseLong(pause.group(1));
      leastHeapAfterMib = Math.min(leastHeapAfterMib, heapAfterMib);
      millis += Double.parseDouble(pause.group(2));
    }
  }

  /** Returns how often the JVM's threads were stopped. */
  long pauses() {
    return pauses;
  }

  /** Returns for how long they were stopped in total. */
  double millis() {
    return millis;
  }

  /** Returns how much the heap held after the latest collection. */
  long heapAfterMib() {
    return heapAfterMib;
  }

  /**
   * Returns the least that the heap held after a collection since the last call: what is always in
   * use, without work in progress.
   */
  long takeLeastHeapAfterMib() {
    long least = Math.min(leastHeapAfterMib, heapAfterMib);
    leastHeapAfterMib = Long.MAX_VALUE;
    return least;
  }
}
