package dev.satchel.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a lookup cost an application that does other work between two lookups, so that the
 * contender's memory is in no cache? And what does it cost if 1, 4 or 16 lookups are under way at
 * once?
 *
 * <p>Data: a million users; typical ones if their ids are UUIDs, otherwise with a single boolean.
 * In {@code cold} and the two of many, the caches are swept before every {@value #LOOKUPS} lookups,
 * and users are asked for at random, so that nearly no line of memory is met twice. In {@code cold}
 * and {@code inFlight}, which id is asked for next depends on the answers before, so a processor
 * cannot begin with it.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar dev.satchel.benchmarks.FarMemoryBenchmark</pre>
 *
 * Expected by UUID: cold, at most 1.5 times the plain table, and faster than the HashMap; in flight
 * at most 2 times the table; Hollow at least 3 times slower than Satchel in both; {@code coldMany}
 * takes at most half of {@code coldLoop}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FarMemoryBenchmark {
  /** How many lookups are measured at once: short enough that they stay cold. */
  static final int LOOKUPS = 512;

  /** A contender that is ready. */
  @State(Scope.Benchmark)
  public static class Users {
    /** The contender. */
    @Param({"SATCHEL", "TABLE", "HASH_MAP", "HOLLOW", "SPARKEY"})
    public Contender contender = Contender.SATCHEL;

    /** The form of the user ids. */
    @Param("UUID")
    public Asker.Ids ids = Asker.Ids.UUID;

    /** The number of users. */
    @Param("1000000")
    public int users;

    final SplittableRandom random = new SplittableRandom(1);

    Asker open(int questions) {
      Asker asker = Asker.open(contender, ids, users, questions);
      renew(asker, questions);
      return asker;
    }

    void renew(Asker asker, int questions) {
      for (int i = 0; i < questions; i++) {
        asker.renew(i, random.nextInt(users));
      }
    }
  }

  /** Questions whose answers are in no cache. */
  @State(Scope.Benchmark)
  public static class Cold {
    private final CacheSweep sweep = new CacheSweep();
    private Users users = new Users();
    private Asker asker = new NoAsker();

    final boolean[] into = new boolean[2 * LOOKUPS];

    /** Opens the contender. */
    @Setup
    public void open(Users opened) {
      users = opened;
      asker = opened.open(into.length);
    }

    /** Sweeps the caches, then makes the next ids, which stay near. */
    @Setup(Level.Invocation)
    public void sweep() {
      sweep.run();
      users.renew(asker, into.length);
    }

    /** Frees the contender. */
    @TearDown
    public void close() {
      asker.close();
    }
  }

  /** Questions that are asked without a pause. */
  @State(Scope.Benchmark)
  public static class Flight {
    private static final int QUESTIONS = 1 << 20;

    /** How many lookups do not depend on each other. */
    @Param({"1", "4", "16"})
    public int inFlight;

    private Asker asker = new NoAsker();
    private int at;

    /** Opens the contender. */
    @Setup
    public void open(Users users) {
      asker = users.open(QUESTIONS);
    }

    /** Frees the contender. */
    @TearDown
    public void close() {
      asker.close();
    }
  }

  private static final class NoAsker extends Asker {
    @Override
    void renew(int question, int user) {}

    @Override
    boolean isPreview(int question) {
      return false;
    }
  }

  /** Asks for a user, then for another that depends on the answer, and so on, all of them cold. */
  @Benchmark
  @OperationsPerInvocation(LOOKUPS)
  public int cold(Cold cold) {
    int at = 0;
    for (int i = 0; i < LOOKUPS; i++) {
      at += 1 + answer(cold.asker, at);
    }
    return at;
  }

  /** Asks for several users at once, then for as many that depend on the answers. */
  @Benchmark
  @OperationsPerInvocation(LOOKUPS)
  public int inFlight(Flight flight) {
    int at = flight.at;
    for (int i = 0; i < LOOKUPS; i += flight.inFlight) {
      int sum = 0;
      for (int j = 0; j < flight.inFlight; j++) {
        sum += answer(flight.asker, (at + j) & (Flight.QUESTIONS - 1));
      }
      at += flight.inFlight + sum;
    }
    flight.at = at;
    return at;
  }

  /** Asks for users who are in no cache, one after the other. */
  @Benchmark
  @OperationsPerInvocation(2 * LOOKUPS)
  public boolean[] coldLoop(Cold cold) {
    for (int i = 0; i < cold.into.length; i++) {
      cold.into[i] = cold.asker.isPreview(i);
    }
    return cold.into;
  }

  /** Asks for the same users in one call. Satchel alone can. */
  @Benchmark
  @OperationsPerInvocation(2 * LOOKUPS)
  public boolean[] coldMany(Cold cold) {
    cold.asker.previews(cold.into);
    return cold.into;
  }

  /**
   * Returns 1 for true. Not compiled into the loops: there, the compiler may make a branch of the
   * answer, and a processor that guesses the answer goes on without waiting for it.
   */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static int answer(Asker asker, int question) {
    return asker.isPreview(question) ? 1 : 0;
  }
}
