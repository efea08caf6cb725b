package dev.satchel.publisher.run;

import dev.satchel.publisher.publish.Progress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers how long the stages of the present run took, even if it fails. */
public final class StageRecorder implements Progress {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long users;

  @Override
  public synchronized void read(long users, long bytes, long expected) {
    this.users = users;
  }

  @Override
  public synchronized void end(String stage, double seconds) {
    this.seconds.merge(stage, seconds, Double::sum);
  }

  /** Forgets the previous run. */
  synchronized void reset() {
    seconds.clear();
    users = 0;
  }

  /** Returns the seconds of each stage, in the order in which the stages began. */
  synchronized Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }

  /** Returns the users read so far. */
  synchronized long users() {
    return users;
  }
}
