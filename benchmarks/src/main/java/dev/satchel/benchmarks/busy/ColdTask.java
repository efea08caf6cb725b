package dev.satchel.benchmarks.busy;

import dev.satchel.benchmarks.HollowPeer;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.MemorySource;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * An application that answers one question as soon as it has started. Arguments: how, a file with
 * the compressed bytes, and a user id. Prints the answer, and the milliseconds from the bytes in
 * memory to it, as JSON.
 */
public final class ColdTask {
  private static final String FIELD = "preview_features_enabled";

  private ColdTask() {}

  /** Answers, and ends. */
  public static void main(String[] arguments) throws IOException {
    ColdOpening.Way way = ColdOpening.Way.valueOf(arguments[0]);
    byte[] packed = Files.readAllBytes(Path.of(arguments[1]));
    UUID user = UUID.fromString(arguments[2]);
    long start = System.nanoTime();
    boolean answer = isPreview(way, packed, user);
    double millis = (System.nanoTime() - start) / 1e6;
    System.out.println("{\"answer\":" + answer + ",\"millis\":" + millis + "}");
    System.exit(0); // the client's threads are not waited for
  }

  private static boolean isPreview(ColdOpening.Way way, byte[] packed, UUID user) {
    return switch (way) {
      case SNAPSHOT, SNAPSHOT_ARCHIVED -> {
        Snapshot snapshot = Snapshot.open(packed);
        Field preview = snapshot.field(FIELD);
        yield preview != null && preview.booleanAt(snapshot.find(user), false);
      }
      case CLIENT ->
          ConfigClient.openBlocking(MemorySource.of(packed), ConfigClientOptions.defaults())
              .booleanField(FIELD)
              .get(user, false);
      case HOLLOW -> HollowPeer.open(packed).isPreview(user);
    };
  }
}
