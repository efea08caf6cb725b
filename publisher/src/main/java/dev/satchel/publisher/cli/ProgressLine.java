package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.Progress;
import java.io.PrintStream;

/** One line on a terminal that is redrawn over and over, and cleared when a stage ends. */
final class ProgressLine implements Progress {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String WIPE = "\r\u001b[K";

  private final PrintStream err;
  private long beganAt;
  private long drawnAt;

  ProgressLine(PrintStream err) {
    this.err = err;
  }

  @Override
  public synchronized void begin(String stage) {
    beganAt = System.nanoTime();
    drawnAt = beganAt;
    draw(stage + " …");
  }

  @Override
  public synchronized void read(long users, long bytes, long expected) {
    long now = System.nanoTime();
    if (now - drawnAt < REDRAW_NANOS) {
      return;
    }
    drawnAt = now;
    draw(line(users, bytes, expected, (now - beganAt) / 1e9));
  }

  /**
   * Returns the text of the line; the time left is estimated from the number of users last time.
   */
  static String line(long users, long bytes, long expected, double seconds) {
    String read = "read %,d users, %,.1f MB".formatted(users, bytes / 1e6);
    if (expected <= users) {
      return read;
    }
    double left = seconds * (expected - users) / users;
    return "%s, %d %%, about %.0f s left".formatted(read, 100 * users / expected, Math.ceil(left));
  }

  @Override
  public synchronized void wrote(long pairs, long expected) {
    draw(line(pairs, expected, (System.nanoTime() - beganAt) / 1e9));
  }

  /** Returns the text of the line while pairs are written. */
  static String line(long pairs, long expected, double seconds) {
    return "wrote %,d of %,d pairs, %d %%, about %.0f s left"
        .formatted(
            pairs,
            expected,
            100 * pairs / expected,
            Math.ceil(seconds * (expected - pairs) / pairs));
  }

  @Override
  public synchronized void end(String stage, double seconds) {
    err.print(WIPE);
    err.flush();
  }

  private void draw(String line) {
    err.print(WIPE + line);
    err.flush();
  }
}
