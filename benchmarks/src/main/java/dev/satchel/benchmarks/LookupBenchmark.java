package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one lookup of one boolean field cost, by UUID and by its 36 characters, for users that
 * exist and users that do not?
 *
 * <p>Data: a million typical users. Ids are drawn uniformly before measuring and are new objects,
 * so that the contender's memory is cold at each lookup and the id itself is not.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar dev.satchel.benchmarks.LookupBenchmark -prof gc
 * </pre>
 *
 * Expected by UUID: Satchel 0 B/op, within 2 times of the plain table, faster than the HashMap, at
 * least 4 times faster than Hollow, a miss is not slower than a hit, and the name takes at most 15
 * ns more than the handle. After a hundred patches a lookup costs what it costs after a fetch,
 * within the error. By text: 0 B/op, within 1.5 times of the table. With {@code -t 2} a lookup
 * costs a thread as much as with one: readers share nothing that they write.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookupBenchmark {
  /** Whether the users asked for exist. */
  public enum Outcome {
    /** All users exist. */
    HIT,
    /** No user exists. */
    MISS
  }

  /** A contender that is ready, and the users to ask for. Read by all threads, written by none. */
  @State(Scope.Benchmark)
  public static class Users {
    private static final int QUESTIONS = 1 << 20;

    /** The contender. */
    @Param public Contender contender = Contender.SATCHEL;

    /** The users that are asked for. */
    @Param public Outcome outcome = Outcome.HIT;

    /** The fields that a user has. */
    @Param("TYPICAL")
    public Profile profile = Profile.TYPICAL;

    /** The number of users. */
    @Param("1000000")
    public int users;

    private final UUID[] uuids = new UUID[QUESTIONS];
    private final String[] texts = new String[QUESTIONS];
    private Lookup lookup = new UuidTable(new PlainTable(0));

    /** Opens the contender, checks it, and draws the users to ask for. */
    @Setup
    public void open() {
      lookup = contender.open(profile, users);
      List<UUID> ids = new ArrayList<>(users);
      SyntheticUsers.forEach(
          users,
          Profile.TUTORIAL,
          (id, values) -> {
            ids.add(id);
            if (lookup.isPreview(id) != Boolean.TRUE.equals(values[0])) {
              throw new IllegalStateException("expected " + values[0] + " for user " + id);
            }
          });
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < QUESTIONS; i++) {
        UUID id =
            outcome == Outcome.HIT
                ? ids.get(random.nextInt(users))
                : new UUID(
                    (random.nextLong() & ~0xF000L) | 0x4000L,
                    (random.nextLong() & ~(3L << 62)) | (2L << 62));
        uuids[i] = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
        texts[i] = id.toString();
      }
    }

    /** Frees the contender. */
    @TearDown
    public void close() {
      lookup.close();
    }
  }

  /** A thread's position among the users to ask for; each thread starts elsewhere. */
  @State(Scope.Thread)
  public static class Cursor {
    private int at = (int) Thread.currentThread().getId() * 0x9E3779B1;

    int next() {
      return at++ & (Users.QUESTIONS - 1);
    }
  }

  /** Asks by UUID. */
  @Benchmark
  public boolean byUuid(Users users, Cursor cursor) {
    return users.lookup.isPreview(users.uuids[cursor.next()]);
  }

  /** Asks by the text of the UUID. */
  @Benchmark
  public boolean byText(Users users, Cursor cursor) {
    return users.lookup.isPreview(users.texts[cursor.next()]);
  }
}
