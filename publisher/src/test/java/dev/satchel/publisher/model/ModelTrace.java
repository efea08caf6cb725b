package dev.satchel.publisher.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run of the model has done so far: the last steps in words, and how often what happened.
 */
final class ModelTrace {
  private static final int KEPT_STEPS = 30;

  private final long seed;
  private final Deque<StringBuilder> steps = new ArrayDeque<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private int step;

  ModelTrace(long seed) {
    this.seed = seed;
  }

  void step(String what) {
    step++;
    steps.addLast(new StringBuilder("%6d %s".formatted(step, what)));
    if (steps.size() > KEPT_STEPS) {
      steps.removeFirst();
    }
  }

  /** Adds to the step under way. */
  void note(String what) {
    steps.getLast().append("; ").append(what);
  }

  void count(String kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  int steps() {
    return step;
  }

  AssertionError violation(String what) {
    return new AssertionError(
        "%s%nat step %d of seed %d, -Dsatchel.model.seed=%d repeats it; the last steps:%n%s"
            .formatted(what, step, seed, seed, String.join(System.lineSeparator(), steps)));
  }

  String inWords() {
    return "model: seed %d, %,d steps: %s"
        .formatted(
            seed,
            step,
            counts.entrySet().stream()
                .map(kind -> kind.getKey() + " " + kind.getValue())
                .collect(Collectors.joining(", ")));
  }
}
