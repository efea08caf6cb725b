package dev.satchel.publisher.publish;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * Measures how long each stage of one publication takes. Stages come one after another, never at
 * once.
 */
final class StageTimes {
  private final Progress progress;
  private final Map<String, Long> nanos = new LinkedHashMap<>();

  StageTimes(Progress progress) {
    this.progress = progress;
  }

  /** Runs one stage and takes its time, even when it fails. */
  <T> Future<T> time(String stage, Supplier<Future<T>> work) {
    long start = System.nanoTime();
    progress.begin(stage);
    return begun(work)
        .andThen(
            done -> {
              long taken = System.nanoTime() - start;
              synchronized (nanos) {
                nanos.merge(stage, taken, Long::sum);
              }
              progress.end(stage, taken / 1e9);
            });
  }

  private static <T> Future<T> begun(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e); // a stage that cannot even begin ends like any other
    }
  }

  /** Returns the seconds of each stage, to the millisecond. */
  JsonObject toJson() {
    var json = new JsonObject();
    synchronized (nanos) {
      nanos.forEach((stage, taken) -> json.put(stage, Math.round(taken / 1e6) / 1e3));
    }
    return json;
  }

  /** Returns the sum and its parts, for a person. */
  String inWords() {
    var parts = new StringJoiner(", ");
    double total = 0;
    for (var stage : toJson()) {
      double seconds = ((Number) stage.getValue()).doubleValue();
      total += seconds;
      parts.add("%s %.2f".formatted(stage.getKey(), seconds));
    }
    return "%.2f s (%s)".formatted(total, parts);
  }
}
