package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.HollowPeer;
import dev.satchel.benchmarks.ScratchFolder;
import dev.satchel.benchmarks.Values;
import dev.satchel.benchmarks.decision.Child;
import dev.satchel.benchmarks.decision.Programs;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long does it take from compressed bytes in memory to the first answer about a user, in a JVM
 * that has done nothing before?
 *
 * <p>Data: a million users of each profile. Each measurement is a JVM of its own without options
 * but its heap, and the ways take turns, so that a busy moment affects all. {@code SNAPSHOT} opens
 * the value; {@code SNAPSHOT_ARCHIVED} does so with an archive of the application's classes, as an
 * application can make one; {@code CLIENT} makes a client of a source in memory, which computes the
 * SHA-256 of the value when it is published there, and a client when it is fetched; {@code HOLLOW}
 * is Netflix Hollow with its primary key index. {@code OpenBenchmark} measures the same in a warm
 * JVM.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.busy.ColdOpening
 * </pre>
 *
 * Expected: at most 60 ms for {@code SNAPSHOT} on a machine with two processors and nothing else to
 * do, most of it classes of the JDK and fresh memory; at least five times as much for Hollow.
 */
public final class ColdOpening {
  private static final int HEAP_MIB = 1_024;

  /** From what, and through what, the answer comes. */
  enum Way {
    SNAPSHOT,
    SNAPSHOT_ARCHIVED,
    CLIENT,
    HOLLOW
  }

  private ColdOpening() {}

  /** Prints what {@link #measure} returns; {@code --quick} for fewer users and JVMs. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(measure(Arrays.asList(arguments).contains("--quick")).toPrettyString());
  }

  /** Returns the minimum and the median of each profile and way, in milliseconds. */
  public static ObjectNode measure(boolean quick) throws IOException {
    int users = quick ? 100_000 : 1_000_000;
    int rounds = quick ? 3 : 9;
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    found.put("users", users).put("rounds", rounds);
    ScratchFolder folder = ScratchFolder.create("cold-opening");
    try {
      for (Profile profile : Profile.values()) {
        found.set(profile.name().toLowerCase(Locale.ROOT), measure(profile, users, rounds, folder));
      }
    } finally {
      folder.remove();
    }
    return found;
  }

  private static ObjectNode measure(Profile profile, int users, int rounds, ScratchFolder folder)
      throws IOException {
    Path satchel = folder.path().resolve(profile + ".satchel");
    Path hollow = folder.path().resolve(profile + ".hollow");
    Files.write(satchel, Values.satchel(profile, users));
    Files.write(hollow, HollowPeer.pack(profile, users));
    String user = userWithTheField(users);
    String archive = folder.path().resolve(profile + ".jsa").toString();
    answer(satchel, user, Way.SNAPSHOT, List.of("-XX:ArchiveClassesAtExit=" + archive));
    Map<Way, double[]> millis = new EnumMap<>(Way.class);
    for (int round = 0; round < rounds; round++) {
      for (Way way : Way.values()) {
        Path packed = way == Way.HOLLOW ? hollow : satchel;
        List<String> options =
            way == Way.SNAPSHOT_ARCHIVED ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
        millis.computeIfAbsent(way, any -> new double[rounds])[round] =
            answer(packed, user, way, options);
      }
    }
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    millis.forEach(
        (way, each) -> {
          Arrays.sort(each);
          found
              .putObject(member(way))
              .put("minMillis", each[0])
              .put("medianMillis", each[rounds / 2]);
        });
    return found;
  }

  private static double answer(Path packed, String user, Way way, List<String> options)
      throws IOException {
    List<String> command =
        Programs.main(HEAP_MIB, ColdTask.class, way.name(), packed.toString(), user);
    command.addAll(1, options);
    try (Child task = Child.start(command, Map.of())) {
      JsonNode answer = task.answer();
      if (!answer.get("answer").asBoolean()) {
        throw new IOException("expected true for user " + user + " but found false from " + way);
      }
      return answer.get("millis").asDouble();
    }
  }

  private static String member(Way way) {
    return switch (way) {
      case SNAPSHOT -> "snapshot";
      case SNAPSHOT_ARCHIVED -> "snapshotWithArchive";
      case CLIENT -> "client";
      case HOLLOW -> "hollow";
    };
  }

  /** Returns the last user whose answer is true: no contender can guess it. */
  private static String userWithTheField(int users) {
    String[] user = {""};
    SyntheticUsers.forEach(
        users,
        Profile.TUTORIAL,
        (id, values) -> {
          if (Boolean.TRUE.equals(values[0])) {
            user[0] = id.toString();
          }
        });
    return user[0];
  }
}
