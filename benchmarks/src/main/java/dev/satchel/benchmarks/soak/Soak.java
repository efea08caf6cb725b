package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.decision.Latencies;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a soak: disturbs and measures its processes second by second. */
final class Soak {
  private static final List<String> WATCHED =
      List.of(Processes.READERS, Processes.PAGE, Processes.PUBLISHER);
  private static final int SAMPLE_SECONDS = 10;
  private static final int SIXTHS = 6;
  private static final int FEWEST_SAMPLES = 5;

  private final int seconds;
  private final Processes processes;
  private final Violations violations;
  private final PageLoad load;
  private final PublisherRuns runs;
  private final Deque<Fault.Due> due;
  private int healAt = Integer.MAX_VALUE;

  private final ArrayNode samples = JsonNodeFactory.instance.arrayNode();
  private final List<ObjectNode> samplesOfSixth = new ArrayList<>();
  private final ArrayNode sixths = JsonNodeFactory.instance.arrayNode();
  private final Map<String, ObjectNode> ends = new HashMap<>();
  private final Map<String, Long> countsBefore = new HashMap<>();
  private Latencies pagesOfSixth = new Latencies();
  private JsonNode readersViolations = JsonNodeFactory.instance.objectNode();

  /** Creates a soak of processes that are started. */
  Soak(int seconds, Processes processes, Violations violations, PageLoad load) {
    this.seconds = seconds;
    this.processes = processes;
    this.violations = violations;
    this.load = load;
    this.runs = new PublisherRuns(processes.publisherPort());
    this.due = new ArrayDeque<>(Fault.schedule(seconds));
  }

  /** Runs for the given time, and returns the report. */
  ObjectNode run() throws IOException, InterruptedException {
    processes.askStore("change");
    load.start();
    // what came before belongs to no sixth
    processes.askReaders("sixth");
    load.takeLatencies();
    runs.read();
    for (String name : WATCHED) {
      ends.put(name, processes.sampleAtEnd(name));
    }
    grown("published", runs.published());
    grown("publishFailures", runs.failed());
    int everySeconds = Math.min(SAMPLE_SECONDS, seconds / SIXTHS / FEWEST_SAMPLES);
    long start = System.nanoTime();
    for (int second = 1; second <= seconds; second++) {
      long wait = start + TimeUnit.SECONDS.toNanos(second) - System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(Math.max(0, wait));
      faults(second);
      if (second % everySeconds == 0) {
        sample(second);
      }
      if (second % (seconds / SIXTHS) == 0) {
        endSixth();
      }
    }
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    ArrayNode schedule = found.putArray("faults");
    for (Fault fault : Fault.values()) {
      schedule.add(fault.inWords());
    }
    found.put("faultsTried", Fault.schedule(seconds).size());
    found.put("changes", processes.askStore("heal").get("changes").asLong());
    found.set("sixths", sixths);
    found.set("samples", samples);
    ObjectNode broken = violations.toJson();
    readersViolations
        .properties()
        .forEach(
            kind ->
                broken.put(
                    kind.getKey(), broken.get(kind.getKey()).asLong() + kind.getValue().asLong()));
    found.set("violations", broken);
    found.set("verdict", Flatness.of(sixths));
    return found;
  }

  private void faults(int second) throws IOException, InterruptedException {
    if (second >= healAt) {
      processes.askStore("heal");
      healAt = Integer.MAX_VALUE;
    }
    Fault.Due next = due.peek();
    if (next == null || second < next.second()) {
      return;
    }
    due.remove();
    say("%5d s: %s", second, next.fault().order());
    if (next.fault() == Fault.KILL) {
      runs.read();
      processes.killPublisher();
      return;
    }
    processes.askStore(next.fault().order());
    healAt = second + Fault.SECONDS;
    if (next.fault() == Fault.REFUSED) {
      processes.askReaders("restart");
    }
  }

  private void sample(int second) throws IOException, InterruptedException {
    ObjectNode found = processes.askReaders("sample");
    found.put("second", second);
    Latencies pages = load.takeLatencies();
    pagesOfSixth.add(pages);
    found.set("pageNanos", pages.toJson());
    runs.read();
    for (String name : WATCHED) {
      found.set(name, processes.sample(name));
    }
    samples.add(found);
    samplesOfSixth.add(found);
  }

  private void endSixth() throws IOException, InterruptedException {
    ObjectNode sixth = processes.askReaders("sixth");
    readersViolations = sixth.remove("violations");
    for (String count : List.of("updated", "unchanged", "failed", "told", "yes")) {
      sixth.put(count, grown(count, sixth.get(count).asLong()));
    }
    pagesOfSixth.add(load.takeLatencies());
    sixth.set("pageNanos", pagesOfSixth.toJson());
    pagesOfSixth = new Latencies();
    sixth.put("pageFailures", grown("pageFailures", load.failures()));
    runs.read();
    sixth.put("published", grown("published", runs.published()));
    sixth.put("publishFailures", grown("publishFailures", runs.failed()));
    processes.collect();
    for (String name : WATCHED) {
      ObjectNode end = processes.sampleAtEnd(name);
      ObjectNode before = ends.put(name, end);
      sixth.set(name, Sixth.process(name, samplesOfSixth, before == null ? end : before, end));
    }
    long[] direct =
        samplesOfSixth.stream().mapToLong(s -> s.get("directBytes").asLong()).sorted().toArray();
    ((ObjectNode) sixth.get("readers")).put("directMib", direct[direct.length / 2] / 1048576.0);
    long[] ages =
        samplesOfSixth.stream()
            .mapToLong(s -> s.get("ageMillisMedian").asLong())
            .sorted()
            .toArray();
    sixth.put("ageMillisMedian", ages[ages.length / 2]);
    samplesOfSixth.clear();
    load.takeLatencies(); // drops those of the collection
    sixths.add(sixth);
    say("sixth %d has ended", sixths.size());
  }

  private long grown(String count, long now) {
    Long before = countsBefore.put(count, now);
    return before == null ? now : now - before;
  }

  private static void say(String format, Object... arguments) {
    System.err.printf(Locale.ROOT, format + "%n", arguments);
  }
}
