package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that does one thing, prints how many bytes of heap its result keeps, and ends. {@link
 * HeapNeed} runs it in ever smaller heaps. Arguments: {@code none}, {@code rows PROFILE USERS},
 * {@code encode PROFILE USERS}, {@code first FILE} or {@code every FILE}.
 */
public final class HeapTask {
  private HeapTask() {}

  /** Runs the task; throws an exception if it could not. */
  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "none" -> loadClasses();
      case "rows" -> {
        long before = used();
        SnapshotEncoder rows = rows(arguments);
        try {
          print(used() - before);
        } finally {
          Reference.reachabilityFence(rows);
        }
      }
      case "encode" -> print(rows(arguments).encode(1, Values.PUBLISHED_AT).length);
      default -> open(arguments[0].equals("every"), Files.readAllBytes(Path.of(arguments[1])));
    }
  }

  private static void open(boolean every, byte[] value) {
    loadClasses();
    long before = used();
    Snapshot snapshot = Snapshot.open(value);
    List<String> names = snapshot.fieldNames();
    try {
      for (String name : every ? names : names.subList(0, 1)) {
        snapshot.field(name);
      }
      print(used() - before);
    } finally {
      Reference.reachabilityFence(snapshot);
      Reference.reachabilityFence(value);
    }
  }

  /** Loads most classes that a task needs, so that they do not count as what it keeps. */
  private static void loadClasses() {
    Snapshot.open(Values.satchel(Profile.TUTORIAL, 1)).field(ClientLookup.FIELD);
  }

  private static SnapshotEncoder rows(String[] arguments) {
    return Values.rows(Profile.valueOf(arguments[1]), Integer.parseInt(arguments[2]));
  }

  /** Returns what is alive; the serial collector counts it to the byte. */
  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void print(long bytes) {
    System.out.println(bytes);
  }
}
