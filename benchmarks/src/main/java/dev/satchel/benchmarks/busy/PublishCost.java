package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.ScratchFolder;
import dev.satchel.publisher.seed.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What does a publication cost, from a cold start and in a process that is warm, beside the least
 * that reading the same rows can cost: psql's {@code \copy (query) to '/dev/null' (format binary)}?
 *
 * <p>Data: a million users of each profile in a real PostgreSQL, published to the local KV server;
 * both run in a process of their own. The contenders take turns: a copy, {@code satchel publish} in
 * a fresh JVM with {@code -Xmx512m}, and a publication of ten changed users by a {@code satchel
 * run} that has published before. A fresh JVM is measured with and without the options that the
 * package's launcher gives it, the archive of classes among them, which the launcher has a
 * publication before make. Seconds of a copy and of a fresh JVM are those of the whole process;
 * those of a warm publication are the sum of its stages. psql is the one on the path.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.busy.PublishCost
 * </pre>
 */
public final class PublishCost {
  private static final List<Profile> PROFILES = List.of(Profile.TYPICAL, Profile.TUTORIAL);
  private static final int WARM_UP = 3;

  private final PublishedTable table;
  private final List<Finished> copies = new ArrayList<>();
  private final List<Finished> oneShots = new ArrayList<>();
  private final List<Finished> briefOneShots = new ArrayList<>();
  private final List<JsonNode> warm = new ArrayList<>();

  private PublishCost(PublishedTable table) {
    this.table = table;
  }

  /** Prints what {@link #measure} returns; {@code --quick} as an argument makes it short. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(measure(Arrays.asList(arguments).contains("--quick")).toPrettyString());
  }

  /**
   * Measures all, and returns medians for each profile.
   *
   * @param quick whether to measure fewer users less often
   * @throws IOException if a program cannot be started or fails
   */
  public static ObjectNode measure(boolean quick) throws IOException {
    int users = quick ? 100_000 : 1_000_000;
    ObjectNode all = JsonNodeFactory.instance.objectNode().put("users", users);
    ScratchFolder folder = ScratchFolder.create("satchel-publish-cost");
    try (var world = PublishedTable.world(folder.path())) {
      for (Profile profile : PROFILES) {
        System.err.printf(Locale.ROOT, "publishing: %,d users, %s%n", users, profile);
        var table = new PublishedTable(world, profile, users);
        all.set(
            profile.name().toLowerCase(Locale.ROOT),
            new PublishCost(table).measure(quick ? 3 : 5, quick ? 1 : WARM_UP));
      }
    } finally {
      folder.remove();
    }
    return all;
  }

  private ObjectNode measure(int rounds, int warmUp) throws IOException {
    table.seed();
    try (var run = table.run()) {
      for (int i = 0; i < warmUp; i++) {
        table.change();
        run.published();
      }
      table.publishOnce("launcher", launcherOptions("-XX:ArchiveClassesAtExit="));
      for (int i = 0; i < rounds; i++) {
        copies.add(table.copy());
        oneShots.add(table.publishOnce("once", List.of()));
        briefOneShots.add(table.publishOnce("launcher", launcherOptions("-XX:SharedArchiveFile=")));
        table.change();
        warm.add(run.published());
      }
    }
    return result();
  }

  /** Returns what publisher/src/packaging/bin/satchel gives to a JVM that ends soon. */
  private List<String> launcherOptions(String archiveOption) {
    return List.of(
        archiveOption + table.classArchive(),
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC");
  }

  private ObjectNode result() {
    Finished copy = median(copies, Finished::seconds);
    JsonNode publication = median(warm, PublishCost::seconds);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.set(
        "copy",
        result
            .objectNode()
            .put("seconds", copy.seconds())
            .put(
                "processorSeconds", median(copies, Finished::processorSeconds).processorSeconds()));
    result.set("oneShot", oneShot(oneShots, copy));
    result.set("oneShotByLauncher", oneShot(briefOneShots, copy));
    ObjectNode again =
        result
            .objectNode()
            .put("seconds", seconds(publication))
            .put("timesTheCopy", seconds(publication) / copy.seconds());
    again.set("stageSeconds", publication.get("stages"));
    result.set("warm", again);
    return result;
  }

  private static ObjectNode oneShot(List<Finished> found, Finished copy) {
    Finished typical = median(found, Finished::seconds);
    ObjectNode cost =
        JsonNodeFactory.instance
            .objectNode()
            .put("seconds", typical.seconds())
            .put("timesTheCopy", typical.seconds() / copy.seconds())
            .put("processorSeconds", median(found, Finished::processorSeconds).processorSeconds());
    cost.set("stageSeconds", typical.printed().get("seconds"));
    return cost;
  }

  private static double seconds(JsonNode publication) {
    return publication.get("seconds").asDouble();
  }

  private static <T> T median(List<T> found, ToDoubleFunction<T> by) {
    return found.stream().sorted(Comparator.comparingDouble(by)).toList().get(found.size() / 2);
  }
}
