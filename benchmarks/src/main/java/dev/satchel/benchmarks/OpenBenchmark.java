package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.SigningKey;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotSignature;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take from compressed bytes in memory to the first answer about a user, in a warm
 * JVM?
 *
 * <p>Data: a million users of each profile. Peers get their own form compressed by zstd at level 3,
 * in memory; Sparkey's two files are written again each time. {@code ZSTD} is the minimum of work
 * for any reader: one thread decompresses the frames of Satchel's value and takes the SHA-256 of
 * the value; {@code ZSTD_FIRST} does so only for the ids and the one field that is asked for.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar OpenBenchmark</pre>
 *
 * Expected: to the first answer about a boolean within 3 times of {@code ZSTD} for tutorial and
 * typical users, with every field asked for within 5 times for rich ones; Hollow takes at least 20
 * times as long as the first answer, and at least 20, 8 and 3 times as long as every field. {@code
 * SATCHEL_SIGNED} is what a client does with public keys, {@code SATCHEL_ANNOUNCED} what it does
 * without; the signature replaces a digest of the whole value, so that checking it costs less than
 * a tenth of opening (compare {@code SIGNATURE} with {@code SATCHEL_ANNOUNCED}).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@State(Scope.Benchmark)
public class OpenBenchmark {
  /** What is opened, and how far. */
  public enum Opening {
    /** Satchel: the user ids and the one field asked for. */
    SATCHEL_FIRST,
    /** Does the same while another thread checks the value's SHA-256, as a client does. */
    SATCHEL_ANNOUNCED,
    /** Does the same, but checks the signature, and everything that is stored. */
    SATCHEL_SIGNED,
    /** Checks the signature only, without opening anything. */
    SIGNATURE,
    /** Satchel: the user ids and every field. */
    SATCHEL_EVERY,
    /** Decompresses and checks the frames that the first answer needs, without opening anything. */
    ZSTD_FIRST,
    /** Decompresses and checks all frames, without opening anything. */
    ZSTD,
    /** Netflix Hollow, with its primary key index. */
    HOLLOW,
    /** Sparkey, log and index. */
    SPARKEY,
    /** JSON lines to a {@code HashMap<UUID, record>}. */
    HASH_MAP
  }

  /** What is opened, and how far. */
  @Param public Opening opening = Opening.SATCHEL_FIRST;

  /** The fields that a user has. */
  @Param public Profile profile = Profile.TUTORIAL;

  /** The number of users. */
  @Param("1000000")
  public int users;

  private static final String KV_KEY = "user-configs";
  private static final SigningKey SIGNER = SigningKey.generate();

  private byte[] packed = new byte[0];
  private UUID user = new UUID(0, 0);
  private StoredFrames frames = NO_FRAMES;
  private int firstEnd;

  private static final StoredFrames NO_FRAMES = new StoredFrames(new byte[108]);

  /** Packs the users. */
  @Setup
  public void pack() {
    SyntheticUsers.forEach(users, Profile.TUTORIAL, (id, values) -> user = id);
    packed =
        switch (opening) {
          case SATCHEL_FIRST, SATCHEL_ANNOUNCED, SATCHEL_EVERY, ZSTD_FIRST, ZSTD ->
              Values.satchel(profile, users);
          case SATCHEL_SIGNED, SIGNATURE -> SIGNER.sign(Values.satchel(profile, users), KV_KEY);
          case HOLLOW -> HollowPeer.pack(profile, users);
          case SPARKEY -> SparkeyPeer.pack(profile, users);
          case HASH_MAP -> JsonPeer.pack(profile, users);
        };
    if (opening == Opening.ZSTD || opening == Opening.ZSTD_FIRST) {
      frames = new StoredFrames(packed);
      firstEnd = StoredFrames.endOf(packed, 1);
    }
  }

  /** Opens, and asks for one boolean of one user. */
  @Benchmark
  public int open() {
    return switch (opening) {
      case SATCHEL_FIRST -> firstAnswer(Snapshot.open(packed));
      case SATCHEL_ANNOUNCED -> {
        CompletableFuture<byte[]> digest = CompletableFuture.supplyAsync(this::sha256);
        int answer = firstAnswer(Snapshot.open(packed));
        yield digest.join().length + answer;
      }
      case SATCHEL_SIGNED -> {
        boolean believed = isBelieved();
        int answer = firstAnswer(Snapshot.openWhole(packed));
        yield believed ? answer : -1;
      }
      case SIGNATURE -> isBelieved() ? 1 : 0;
      case SATCHEL_EVERY -> {
        Snapshot snapshot = Snapshot.open(packed);
        int at = snapshot.find(user);
        int answers = 0;
        for (String name : snapshot.fieldNames()) {
          Field field = Objects.requireNonNull(snapshot.field(name));
          answers += field.value(at) == null ? 0 : 1;
        }
        yield answers;
      }
      case ZSTD_FIRST -> frames.openAndCheck(firstEnd);
      case ZSTD -> frames.openAndCheck(packed.length);
      case HOLLOW -> answer(HollowPeer.open(packed));
      case SPARKEY -> answer(SparkeyPeer.open(packed));
      case HASH_MAP -> answer(JsonPeer.open(packed, profile));
    };
  }

  private int firstAnswer(Snapshot snapshot) {
    Field preview = Objects.requireNonNull(snapshot.field(ClientLookup.FIELD));
    return preview.booleanAt(snapshot.find(user), false) ? 1 : 0;
  }

  private boolean isBelieved() {
    return SnapshotSignature.of(packed).orElseThrow().isBy(SIGNER.verifyingKey(), KV_KEY);
  }

  private byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(packed);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private int answer(Lookup lookup) {
    try (lookup) {
      return lookup.isPreview(user) ? 1 : 0;
    }
  }
}
