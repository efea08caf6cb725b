package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.until;

import dev.satchel.sdk.source.FileSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An application that fills the heap to the last byte for more than a second, lets go, and then
 * waits for the next revision, several times. One client polls, one is told of changes.
 */
final class FullHeapApp {
  private static final int ROUNDS = 3;
  private static final Duration FULL = Duration.ofMillis(1_200);

  private static final int[] ELEMENTS = {1 << 18, 1 << 10, 1 << 4, 1};

  private @Nullable Object @Nullable [] filling;

  private FullHeapApp() {}

  /** Fails unless both clients have each revision at last. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path file = directory.resolve("users.satchel");
    publish(1, file);
    var changed = new AtomicLong();
    try (ConfigClient polling = open(file, Duration.ofMillis(100), directory.resolve("polling"));
        ConfigClient told = open(file, Duration.ofHours(1), directory.resolve("told"))) {
      told.onChange(diff -> changed.set(diff.after().revision()));
      // what is loaded or linked for the first time while the heap is full may fail for good
      Files.write(file, new byte[1]);
      until("a failure", () -> polling.status().lastFailure() != null);
      until("to be told", () -> told.status().lastFailure() != null);
      for (int revision = 2; revision < 3 + ROUNDS; revision++) {
        if (revision > 2) {
          new FullHeapApp().fill();
        }
        publish(revision, file);
        long next = revision;
        until("revision " + next, () -> polling.status().revision() == next);
        until("to be told of " + next, () -> told.status().revision() == next);
        until("listeners at " + next, () -> changed.get() == next);
      }
    }
  }

  private static ConfigClient open(Path file, Duration interval, Path copies) {
    return ConfigClient.openBlocking(
        FileSource.of(file),
        ConfigClientOptions.builder()
            .pollInterval(interval)
            .requestBudget(1_000_000)
            .copyDirectory(copies)
            .build());
  }

  private static void publish(long revision, Path file) throws Exception {
    Path part = file.resolveSibling("part");
    Files.write(part, Publication.ofFlag(revision, "alice", revision % 2 == 0).value());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void fill() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < FULL.toNanos()) {
      for (int elements : ELEMENTS) {
        try {
          while (true) {
            var more = new Object[elements];
            more[0] = filling;
            filling = more;
          }
        } catch (OutOfMemoryError e) {
          // then with less
        }
      }
    }
    filling = null;
  }
}
