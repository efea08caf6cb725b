package dev.satchel.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.snapshot.SnapshotEncoder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What does a refresh cost against the number of users that changed: bytes fetched, milliseconds
 * from the announcement to the swap, and bytes allocated, by a patch and by the whole value? The
 * source is in memory, so the network comes on top; it would make the difference larger. All fields
 * are open, and each refresh is made anew from the same revision.
 *
 * <pre>
 * java -Xmx4g -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.PatchReport typical v4 1000000
 * </pre>
 */
final class PatchReport {
  /** Enough for the compiler to be done with both ways. */
  private static final int REPEATS = 100;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Profile profile;
  private final int users;
  private final Map<Object, @Nullable Object[]> first = new LinkedHashMap<>();
  private final List<Object> ids;
  private final List<Object> newIds = new ArrayList<>();
  private final List<@Nullable Object[]> newRows = new ArrayList<>();

  private PatchReport(Profile profile, String kind, int users) {
    this.profile = profile;
    this.users = users;
    int[] made = {0};
    SyntheticUsers.forEach(
        users + users / 50,
        profile,
        (uuid, values) -> {
          Object id = id(kind, uuid, made[0]++);
          if (made[0] <= users) {
            first.put(id, values.clone());
          } else {
            newIds.add(id);
            newRows.add(values.clone());
          }
        });
    ids = List.copyOf(first.keySet());
  }

  private static Object id(String kind, UUID uuid, int number) {
    long random = uuid.getLeastSignificantBits();
    return switch (kind) {
      case "v4" -> uuid;
      case "v7" ->
          new UUID(
              (1_700_000_000_000L + number * 37L) << 16
                  | 0x7000
                  | (uuid.getMostSignificantBits() & 0xFFF),
              random);
      case "serial" -> (long) (number + 1);
      case "numbered" -> "user-" + (1_000_000 + number);
      case "text" -> "mail" + Long.toString(random >>> 24, 36) + "@ex" + number % 97 + ".org";
      default -> throw new IllegalArgumentException("expected a kind of id but found " + kind);
    };
  }

  /** Changes some of the users. */
  private interface Change {
    void make(Map<Object, @Nullable Object[]> rows, Random random);
  }

  public static void main(String[] args) {
    Profile profile = Profile.valueOf(args[0].toUpperCase(Locale.ROOT));
    int users = Integer.parseInt(args[2]);
    var report = new PatchReport(profile, args[1], users);
    byte[] warm = report.encode(report.first, 2);
    report.cost(report.encode(report.first, 1), warm, null);
    System.out.printf("%s, %s ids, %,d users%n", args[0], args[1], users);
    System.out.printf(
        "%-34s %12s %9s %9s %9s %9s %9s%n",
        "between two revisions", "value", "patch", "ms", "ms value", "MB", "MB value");
    report.row("10 users change one boolean", report::flags);
    report.row("10 users change any fields", (rows, random) -> report.rows(rows, random, 10));
    report.row("10 users added, 10 removed", report::others);
    report.row("1 % of users change", (rows, random) -> report.rows(rows, random, users / 100));
    report.row("half of the users change", (rows, random) -> report.rows(rows, random, users / 2));
  }

  private void flags(Map<Object, @Nullable Object[]> rows, Random random) {
    for (int i = 0; i < 10; i++) {
      Object id = ids.get(random.nextInt(users));
      @Nullable Object[] row = Objects.requireNonNull(first.get(id)).clone();
      row[0] = !Boolean.TRUE.equals(row[0]);
      rows.put(id, row);
    }
  }

  private void rows(Map<Object, @Nullable Object[]> rows, Random random, int count) {
    for (int i = 0; i < count; i++) {
      rows.put(ids.get(random.nextInt(users)), newRows.get(i % newRows.size()));
    }
  }

  private void others(Map<Object, @Nullable Object[]> rows, Random random) {
    for (int i = 0; i < 10; i++) {
      rows.remove(ids.get(1 + random.nextInt(users - 1)));
      rows.put(newIds.get(i), newRows.get(i));
    }
  }

  private byte[] encode(Map<Object, @Nullable Object[]> rows, long revision) {
    var encoder = new SnapshotEncoder(profile.fields());
    rows.forEach(encoder::add);
    return encoder.encode(revision, Instant.ofEpochMilli(revision));
  }

  private void row(String name, Change change) {
    byte[] before = encode(first, 1);
    Map<Object, @Nullable Object[]> rows = new LinkedHashMap<>(first);
    change.make(rows, new Random(42));
    byte[] after = encode(rows, 2);
    Optional<byte[]> patch = Values.patch(before, after);
    Cost byValue = cost(before, after, null);
    Cost byPatch = patch.map(bytes -> cost(before, after, bytes)).orElse(byValue);
    System.out.printf(
        "%-34s %,12d %,9d %9.2f %9.2f %9.2f %9.2f%n",
        name,
        after.length,
        patch.map(bytes -> bytes.length).orElse(0),
        byPatch.millis,
        byValue.millis,
        byPatch.megabytes,
        byValue.megabytes);
  }

  private record Cost(double millis, double megabytes) {}

  /** Returns the least of some refreshes. */
  private Cost cost(byte[] before, byte[] after, byte @Nullable [] patch) {
    double millis = Double.MAX_VALUE;
    double megabytes = Double.MAX_VALUE;
    for (int i = 0; i < REPEATS; i++) {
      var source = new PatchSource(before);
      var options = ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build();
      try (ConfigClient client = ConfigClient.openBlocking(source, options)) {
        profile.fields().forEach(field -> client.view().getValue(ids.get(0).toString(), field, ""));
        source.publish(after, patch);
        long allocated = allocated();
        long start = System.nanoTime();
        client.refreshBlocking();
        millis = Math.min(millis, (System.nanoTime() - start) / 1e6);
        megabytes = Math.min(megabytes, (allocated() - allocated) / 1e6);
        if (client.view().revision() != 2) {
          throw new AssertionError(client.status().toString());
        }
      }
    }
    return new Cost(millis, megabytes);
  }

  private static long allocated() {
    long sum = 0;
    for (long thread : THREADS.getAllThreadIds()) {
      sum += Math.max(0, THREADS.getThreadAllocatedBytes(thread));
    }
    return sum;
  }
}
