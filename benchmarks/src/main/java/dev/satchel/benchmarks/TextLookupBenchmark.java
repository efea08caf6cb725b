package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.snapshot.SnapshotEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
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
 * What does one lookup of one boolean field cost where user ids are texts: numbered ones and codes,
 * which stand for a number, and emails, which do not?
 *
 * <p>Data: a million users with the tutorial's field; {@code user-} and up to nine digits, {@code
 * cus_} and 14 letters and digits, or the rich profile's emails. The plain table is asked with the
 * same Strings: it has its own parser for numbered ids and for codes, and trusts a hash of 128 bits
 * for emails, so it never compares their text.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar TextLookupBenchmark -prof gc</pre>
 *
 * Expected: Satchel 0 B/op, within 1.5 times of the plain table, a miss not slower than a hit.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TextLookupBenchmark {
  /** The form of the user ids. */
  public enum Ids {
    /** A common prefix and a number. */
    NUMBERED,
    /** A common prefix, then random letters and digits. */
    CODE,
    /** A name, an at sign, a domain. */
    EMAIL
  }

  /** The contenders. */
  public enum Answerer {
    /** An SDK client, by handle. */
    SATCHEL,
    /** Two longs for each id. */
    TABLE,
    /** A {@code HashMap<String, Boolean>}. */
    HASH_MAP
  }

  /** Looks up a boolean by the text of an id. */
  interface TextLookup {
    boolean isPreview(String id);
  }

  /** A contender that is ready, and the users to ask for. */
  @State(Scope.Benchmark)
  public static class Users {
    private static final int QUESTIONS = 1 << 20;

    /** The contender. */
    @Param public Answerer contender = Answerer.SATCHEL;

    /** The form of the user ids. */
    @Param public Ids ids = Ids.EMAIL;

    /** The users that are asked for. */
    @Param public LookupBenchmark.Outcome outcome = LookupBenchmark.Outcome.HIT;

    /** The number of users. */
    @Param("1000000")
    public int users;

    private final String[] texts = new String[QUESTIONS];
    private TextLookup lookup = id -> false;
    private int at;

    /** Opens the contender and draws the users to ask for. */
    @Setup
    public void open() {
      List<String> all = texts(ids, 2 * users);
      lookup = lookup(contender, ids, all.subList(0, users));
      for (int i = 0; i < users; i++) {
        if (lookup.isPreview(all.get(i)) != isPreview(i) || lookup.isPreview(all.get(users + i))) {
          throw new IllegalStateException("expected " + isPreview(i) + " for user " + all.get(i));
        }
      }
      SplittableRandom random = new SplittableRandom(1);
      int from = outcome == LookupBenchmark.Outcome.HIT ? 0 : users;
      for (int i = 0; i < QUESTIONS; i++) {
        // a new string each time: a cached hash code would make a map look faster than it is in use
        texts[i] = String.valueOf(all.get(from + random.nextInt(users)).toCharArray());
      }
    }
  }

  /** Returns the answer for the user at a place of the list. */
  static boolean isPreview(int user) {
    return user % 3 == 0;
  }

  /** Returns as many different ids, always the same. */
  static List<String> texts(Ids ids, int count) {
    if (ids == Ids.EMAIL) {
      List<String> emails = new ArrayList<>(count);
      SyntheticUsers.forEach(
          count, Profile.RICH, (id, values) -> emails.add(String.valueOf(values[8])));
      return emails;
    }
    SplittableRandom random = new SplittableRandom(2);
    Set<String> drawn = new LinkedHashSet<>();
    while (drawn.size() < count) {
      drawn.add(
          ids == Ids.NUMBERED
              ? "user-" + random.nextInt(1_000_000_000)
              : (String) IdKind.TEXT_CODE.draw(random));
    }
    return List.copyOf(drawn);
  }

  /** Opens a contender that has users with these ids. */
  static TextLookup lookup(Answerer contender, Ids ids, List<String> texts) {
    return switch (contender) {
      case SATCHEL -> {
        SnapshotEncoder encoder = new SnapshotEncoder(List.of(ClientLookup.FIELD));
        for (int i = 0; i < texts.size(); i++) {
          encoder.add(texts.get(i), new Object[] {isPreview(i)});
        }
        ConfigClient client = ClientLookup.client(encoder.encode(1, Values.PUBLISHED_AT));
        BooleanField preview = client.booleanField(ClientLookup.FIELD);
        yield id -> preview.get(id, false);
      }
      case TABLE -> {
        TextTable table = new TextTable(texts.size());
        for (int i = 0; i < texts.size(); i++) {
          switch (ids) {
            case NUMBERED -> table.putByNumber(texts.get(i), isPreview(i));
            case CODE -> table.putByCode(texts.get(i), isPreview(i));
            case EMAIL -> table.putByHash(texts.get(i), isPreview(i));
          }
        }
        yield switch (ids) {
          case NUMBERED -> table::isSetByNumber;
          case CODE -> table::isSetByCode;
          case EMAIL -> table::isSetByHash;
        };
      }
      case HASH_MAP -> {
        Map<String, Boolean> map = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
          map.put(texts.get(i), isPreview(i));
        }
        yield id -> map.getOrDefault(id, false);
      }
    };
  }

  /** Asks by the text of the id. */
  @Benchmark
  public boolean byText(Users users) {
    return users.lookup.isPreview(users.texts[users.at++ & (Users.QUESTIONS - 1)]);
  }
}
