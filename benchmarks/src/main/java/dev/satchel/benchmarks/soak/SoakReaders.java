package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.decision.Latencies;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Ten {@link Reader}s in a process of their own. Argument: a folder for their disk copies. Obeys
 * lines until its input ends: {@code sample} reports what happened since the last sample, {@code
 * sixth} what happened since the last sixth, after a full collection, and {@code restart} restarts
 * one reader after the other.
 */
public final class SoakReaders {
  static final int READERS = 10;
  private static final int LISTENERS = 2;

  private final Violations violations = new Violations();
  private final TruthCheck truth = new TruthCheck(violations);
  private final List<Reader> readers = new ArrayList<>();
  private Latencies sixth = new Latencies();
  private long lastRevision;
  private int restarts;

  private SoakReaders() {}

  /** Answers until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    SoakReaders all = new SoakReaders();
    all.open(Path.of(arguments[0]));
    all.obey();
    System.exit(0);
  }

  private void open(Path copies) {
    for (int i = 0; i < READERS; i++) {
      Map<String, String> settings = new HashMap<>(System.getenv());
      settings.put("SATCHEL_COPY_DIR", copies.resolve("reader-" + i).toString());
      Reader reader = new Reader(settings, truth, violations, i, i < LISTENERS);
      readers.add(reader);
      Thread thread = new Thread(reader::run, "reader-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void obey() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("{}");
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(
          switch (line) {
            case "sample" -> sample();
            case "sixth" -> sixth();
            case "restart" -> restart();
            default -> throw new IllegalArgumentException("expected an order but found " + line);
          });
    }
  }

  private ObjectNode restart() {
    int number = restarts++ % READERS;
    // on its own thread, since opening may wait for the store
    Thread thread = new Thread(readers.get(number)::restart, "restart");
    thread.setDaemon(true);
    thread.start();
    return JsonNodeFactory.instance.objectNode().put("reader", number);
  }

  private Latencies takeLatencies() {
    Latencies taken = new Latencies();
    readers.forEach(reader -> taken.add(reader.takeLatencies()));
    sixth.add(taken);
    return taken;
  }

  private ObjectNode sample() {
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    found.set("lookupNanos", takeLatencies().toJson());
    LongStream ages = readers.stream().mapToLong(Reader::ageMillis).sorted();
    long[] sorted = ages.toArray();
    found.put("ageMillisLeast", sorted[0]);
    found.put("ageMillisMedian", sorted[READERS / 2]);
    found.put("ageMillisMost", sorted[READERS - 1]);
    found.put("directBytes", directBytes());
    return found;
  }

  private ObjectNode sixth() {
    takeLatencies();
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    found.set("lookupNanos", sixth.toJson());
    found.put("updated", readers.stream().mapToLong(Reader::updated).sum());
    found.put("unchanged", readers.stream().mapToLong(Reader::unchanged).sum());
    found.put("failed", readers.stream().mapToLong(Reader::failed).sum());
    found.put("told", readers.stream().mapToLong(Reader::told).sum());
    found.put("yes", readers.stream().mapToLong(Reader::yes).sum());
    found.put("revisions", truth.revisionsAfter(lastRevision));
    lastRevision = readers.stream().mapToLong(Reader::revision).max().orElse(0);
    found.set("violations", violations.toJson());
    System.gc(); // what is left is in use
    takeLatencies(); // drops those of the collection
    sixth = new Latencies();
    return found;
  }

  /**
   * Returns the memory outside the heap that Java's and Netty's buffers use; zstd's own memory is
   * in neither.
   */
  private static long directBytes() {
    long pools =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return pools
        + Math.max(
            0, PlatformDependent.usedDirectMemory()); // -1 means that Java's pools include it
  }
}
