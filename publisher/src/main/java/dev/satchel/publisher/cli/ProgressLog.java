package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.Packer;
import dev.satchel.publisher.publish.Progress;
import java.util.function.DoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a line at the end of each stage and, while reading or writing takes long, one every ten
 * seconds.
 */
final class ProgressLog implements Progress {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);
  private static final long LINE_NANOS = 10_000_000_000L;

  private long beganAt;
  private long saidAt;
  private long users;

  @Override
  public synchronized void begin(String stage) {
    beganAt = System.nanoTime();
    saidAt = beganAt;
  }

  @Override
  public synchronized void read(long users, long bytes, long expected) {
    this.users = users;
    sayIfDue(seconds -> ProgressLine.line(users, bytes, expected, seconds));
  }

  @Override
  public synchronized void wrote(long pairs, long expected) {
    sayIfDue(seconds -> ProgressLine.line(pairs, expected, seconds));
  }

  private void sayIfDue(DoubleFunction<String> line) {
    long now = System.nanoTime();
    if (now - saidAt >= LINE_NANOS) {
      saidAt = now;
      LOG.info("{}", line.apply((now - beganAt) / 1e9));
    }
  }

  @Override
  public synchronized void end(String stage, double seconds) {
    var line =
        LOG.atInfo()
            .addKeyValue("stage", stage)
            .addKeyValue("stageSeconds", Math.round(seconds * 1e3) / 1e3);
    if (stage.equals(Packer.READ)) {
      line.addKeyValue("users", users)
          .log("read: {} users in {} s", "%,d".formatted(users), "%.2f".formatted(seconds));
    } else {
      line.log("{}: {} s", stage, "%.2f".formatted(seconds));
    }
  }
}
