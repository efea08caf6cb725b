package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.snapshot.SnapshotEncoder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take from rows in the encoder to the value's bytes?
 *
 * <p>Data: a million users of each profile, added before the clock starts. {@link SizeReport}
 * measures the heap it takes, in separate processes.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar EncodeBenchmark</pre>
 *
 * <p>Expected: at most 1 s for tutorial users, 2 s for typical ones, 6 s for rich ones.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@State(Scope.Benchmark)
public class EncodeBenchmark {
  /** The fields that a user has. */
  @Param public Profile profile = Profile.TUTORIAL;

  /** The number of users. */
  @Param("1000000")
  public int users;

  private @Nullable SnapshotEncoder rows;

  /** Adds the users to an encoder, which can only be used once. */
  @Setup(Level.Invocation)
  public void add() {
    rows = Values.rows(profile, users);
  }

  /** Encodes the users. */
  @Benchmark
  public byte[] encode() {
    return Objects.requireNonNull(rows).encode(1, Values.PUBLISHED_AT);
  }
}
