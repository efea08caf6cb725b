package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How many bytes does a user take, in the value and in memory, and how many users fit?
 *
 * <p>Data: a million users of each profile; a million ids of each {@link IdKind} with the
 * tutorial's field. Each figure is shown with the fewest bytes possible, from {@link Entropy}. JSON
 * lines are compressed by zstd at level 3, and at level 19 for the first 100,000 users, since the
 * whole takes minutes. Memory is measured by {@link HeapNeed}.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.SizeReport</pre>
 *
 * Expected: at most 13.4, 16.0 and 30 bytes in the value; 1,950,000, 1,620,000 and 860,000 users in
 * 26,214,400 bytes; at most 15, 18 and 60 bytes kept after opening; while opening, in addition to
 * what is kept, the value itself and 4 MiB; while encoding, in addition to the output, at most 64
 * bytes of heap.
 */
public final class SizeReport {
  private static final int USERS = 1_000_000;
  private static final int SAMPLE = 100_000;

  /** The step in which the largest number of users is searched for. */
  private static final int FIT_STEP = 1_000;

  private SizeReport() {}

  /** Measures everything and prints the tables; takes about five minutes. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(text(measure(List.of(arguments).contains("--quick"))));
  }

  /** Measures everything, without the slow searches if {@code quick}. */
  static ObjectNode measure(boolean quick) throws IOException {
    ObjectNode size = JsonNodeFactory.instance.objectNode();
    size.put("users", USERS);
    ArrayNode profiles = size.putArray("profiles");
    for (Profile profile : Profile.values()) {
      profiles.add(profile(profile, quick));
    }
    ArrayNode ids = size.putArray("ids");
    for (IdKind kind : IdKind.values()) {
      ids.add(ids(kind));
    }
    return size;
  }

  private static ObjectNode profile(Profile profile, boolean quick) throws IOException {
    byte[] value = Values.satchel(profile, USERS);
    double bound = IdKind.UUID_V4.boundBits(USERS) + Entropy.fields(profile, USERS);
    ObjectNode size = JsonNodeFactory.instance.objectNode();
    size.put("profile", profile.name().toLowerCase(Locale.ROOT));
    size.put("valueBytesPerUser", perUser(value.length));
    size.put("boundBytesPerUser", bound / 8);
    byte[] lines = JsonPeer.lines(profile, USERS);
    size.put("jsonZstd3BytesPerUser", perUser(Zstd.compress(lines, 3).length));
    size.put(
        "jsonZstd19BytesPerUser",
        quick
            ? Double.NaN
            : (double) Zstd.compress(JsonPeer.lines(profile, SAMPLE), 19).length / SAMPLE);
    size.put("jsonZstd19Users", SAMPLE);
    int goal = fitGoal(profile);
    size.put("fitGoal", goal);
    size.put("fitGoalBytes", Values.satchel(profile, goal).length);
    size.put("fit", quick ? 0 : largestFit(profile, perUser(value.length)));
    size.put("openedBytesPerUser", perUser(openedBytes(value)));
    memory(size, profile, value, quick);
    size.set("sections", sections(value));
    return size;
  }

  private static void memory(ObjectNode size, Profile profile, byte[] value, boolean quick)
      throws IOException {
    Path file = Files.createTempFile("satchel", ".value");
    try {
      Files.write(file, value);
      long none = HeapNeed.smallest(64, "none");
      for (String how : List.of("first", "every")) {
        long kept = HeapNeed.kept(how, file.toString());
        long peak = HeapNeed.smallest(128, how, file.toString()) - none;
        size.put(how + "KeptBytesPerUser", perUser(kept));
        size.put(how + "PeakBesideKeptBytes", peak - kept);
        size.put(how + "PeakBesideKeptAndValueBytes", peak - kept - value.length);
      }
      if (!quick) {
        String[] users = {profile.name(), Integer.toString(USERS)};
        size.put("encodeRowsBytesPerUser", perUser(HeapNeed.kept("rows", users[0], users[1])));
        long peak = HeapNeed.smallest(32, "encode", users[0], users[1]) - none;
        size.put("encodePeakBesideOutputBytesPerUser", perUser(peak - value.length));
      }
    } finally {
      Files.delete(file);
    }
  }

  private static ArrayNode sections(byte[] value) {
    ArrayNode sections = JsonNodeFactory.instance.arrayNode();
    Snapshot snapshot = Snapshot.open(value);
    for (Section section : snapshot.sections()) {
      ObjectNode node = sections.addObject();
      node.put("name", section.name());
      node.put("codec", section.codec());
      node.put("bitsPerUser", 8 * perUser(section.valueBytes()));
    }
    return sections;
  }

  private static long openedBytes(byte[] value) {
    Snapshot snapshot = Snapshot.open(value);
    snapshot.fieldNames().forEach(snapshot::field);
    return snapshot.sections().stream().mapToLong(Section::openedBytes).sum();
  }

  private static int fitGoal(Profile profile) {
    return switch (profile) {
      case TUTORIAL -> 1_950_000;
      case TYPICAL -> 1_620_000;
      case RICH -> 860_000;
    };
  }

  /** Encodes more and more users until one more step would not fit. */
  private static int largestFit(Profile profile, double bytesPerUser) {
    int users = (int) (KvLimits.MAX_VALUE_BYTES / bytesPerUser);
    while (true) {
      double spare =
          (KvLimits.MAX_VALUE_BYTES - Values.satchel(profile, users).length) / bytesPerUser;
      if (spare >= 0 && spare < FIT_STEP) {
        return users;
      }
      users += (int) Math.floor(spare - FIT_STEP / 4.0);
    }
  }

  private static ObjectNode ids(IdKind kind) {
    SnapshotEncoder encoder = new SnapshotEncoder(Profile.TUTORIAL.fields());
    Object[] values = new Object[1];
    kind.forEach(
        USERS,
        id -> {
          values[0] = encoder.users() % 10 < 3;
          encoder.add(id, values);
        });
    Section ids = Snapshot.open(encoder.encode(1, Values.PUBLISHED_AT)).sections().get(0);
    ObjectNode size = JsonNodeFactory.instance.objectNode();
    size.put("ids", kind.label());
    size.put("form", kind.form());
    size.put("codec", ids.codec());
    size.put("valueBytesPerUser", perUser(ids.valueBytes()));
    size.put("boundBytesPerUser", kind.boundBits(USERS) / 8);
    size.put("openedBytesPerUser", perUser(ids.openedBytes()));
    return size;
  }

  private static double perUser(long bytes) {
    return (double) bytes / USERS;
  }

  /** Returns the tables as text. */
  static String text(JsonNode size) {
    TextGrid value =
        new TextGrid("bytes/user", "bound", "value", "JSON zstd 3", "JSON zstd 19", "opened");
    TextGrid fit = new TextGrid("users in 25 MiB", "goal", "bytes of that many", "largest found");
    TextGrid memory =
        new TextGrid(
            "memory",
            "kept/user, first field",
            "kept/user, every field",
            "peak - kept - value, first",
            "peak - kept - value, every",
            "rows/user",
            "encode beside output/user");
    size.get("profiles")
        .forEach(
            profile -> {
              String name = profile.get("profile").asText();
              value.row(
                  name,
                  profile.get("boundBytesPerUser").asDouble(),
                  profile.get("valueBytesPerUser").asDouble(),
                  profile.get("jsonZstd3BytesPerUser").asDouble(),
                  profile.get("jsonZstd19BytesPerUser").asDouble(),
                  profile.get("openedBytesPerUser").asDouble());
              fit.row(
                  name,
                  profile.get("fitGoal").asLong(),
                  profile.get("fitGoalBytes").asLong(),
                  profile.get("fit").asLong());
              memory.row(
                  name,
                  profile.get("firstKeptBytesPerUser").asDouble(),
                  profile.get("everyKeptBytesPerUser").asDouble(),
                  profile.get("firstPeakBesideKeptAndValueBytes").asLong(),
                  profile.get("everyPeakBesideKeptAndValueBytes").asLong(),
                  profile.path("encodeRowsBytesPerUser").asDouble(),
                  profile.path("encodePeakBesideOutputBytesPerUser").asDouble());
            });
    TextGrid ids = new TextGrid("ids, bytes/user", "bound", "value", "opened", "codec", "form");
    size.get("ids")
        .forEach(
            kind ->
                ids.row(
                    kind.get("ids").asText(),
                    kind.get("boundBytesPerUser").asDouble(),
                    kind.get("valueBytesPerUser").asDouble(),
                    kind.get("openedBytesPerUser").asDouble(),
                    kind.get("codec").asText(),
                    kind.get("form").asText()));
    return String.join("\n", value.toString(), fit.toString(), memory.toString(), ids.toString());
  }
}
