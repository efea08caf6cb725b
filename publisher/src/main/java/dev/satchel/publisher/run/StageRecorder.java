package dev.satchel.publisher.run;

import dev.satchel.publisher.publish.Progress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers how long the stages of the present run took, those of a failed one too. */
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

  /** Forgets the run before. */
  synchronized void reset() {
    seconds.clear();
    users = 0;
  }

  /** Seconds by stage, in the order in which they came. */
  synchronized Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }

  /** Users read so far. */
  synchronized long users() {
    return users;
  }
}
