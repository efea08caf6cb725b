package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.WatchedPublisher.Answers;
import dev.satchel.publisher.embedded.SharedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * While Workers KV fails, for the publisher and for readers, these keep what they have; the next
 * run after it heals them.
 */
@Timeout(120)
class StoreFaultsTest {
  private static final int ALL = 1_000_000;
  private static final String WRITES_OF_THE_KEY = "/values/user-configs$";

  // at one a minute, a third of an hour
  private static final int MANY_RUNS = 20;

  /** Something that the store does wrong, for so many runs. */
  record Fault(
      String name, int runs, Consumer<Workbench> begin, Consumer<Workbench> end, String told) {
    Fault(String name, int runs, Consumer<Workbench> begin, String told) {
      this(name, runs, begin, kv -> kv.faults().clear(), told);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault("nobody listens", 2, Workbench::stopKv, Workbench::startKv, "refused"),
        new Fault(
            "requests stall", 1, kv -> kv.faults().next(ALL, "*", "").stall(), "no whole answer"),
        new Fault(
            "writes stall",
            1,
            kv -> kv.faults().next(ALL, "PUT", WRITES_OF_THE_KEY).stall(),
            "no whole answer"),
        new Fault(
            "answers stall in the middle",
            1,
            kv -> kv.faults().next(ALL, "GET", "").stallInBody(),
            "no whole answer"),
        new Fault("answers are cut", 2, kv -> kv.faults().next(ALL, "*", "").areCut(), "closed"),
        new Fault("the token is refused", 2, answers("*", "", 403), "403"),
        new Fault("429 to all", MANY_RUNS, answers("*", "", 429), "429"),
        new Fault("429 to writes", MANY_RUNS, answers("PUT", WRITES_OF_THE_KEY, 429), "429"),
        new Fault("500 to all", MANY_RUNS, answers("*", "", 500), "500"),
        new Fault("503 to all", MANY_RUNS, answers("*", "", 503), "503"),
        new Fault("502 to writes", MANY_RUNS, answers("PUT", WRITES_OF_THE_KEY, 502), "502"),
        new Fault(
            "writes are answered and forgotten",
            2,
            kv -> kv.faults().next(ALL, "PUT", "").areForgotten(),
            "expected to read back revision"),
        new Fault(
            "an old value is served",
            1,
            kv -> kv.faults().readsAreStale(Duration.ofHours(1)),
            "expected to read back revision"));
  }

  private static Consumer<Workbench> answers(String method, String path, int status) {
    return kv -> kv.faults().next(ALL, method, path).answers(status);
  }

  private final Workbench bench;

  StoreFaultsTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void readersKeepTheLastGoodSnapshotAndTheNextRunHeals(Fault fault) {
    var env = new HashMap<>(bench.env());
    env.put("SATCHEL_READ_BACK", "PT0.2S");
    bench.faults().readsAreStale(Duration.ZERO); // so that there is an old value to serve
    try (var watched = new WatchedPublisher(bench, SharedDatabase.settings(), env)) {
      bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'alice'");
      watched.publish();
      Answers good = watched.answers();
      assertThat(good.plans()).containsEntry("alice", "team");
      bench.sql("UPDATE %s SET plan = 'free' WHERE id = 'alice'");
      fault.begin().accept(bench);

      assertThat(watched.failures(fault.runs())).contains(fault.told());

      assertThat(watched.answers()).isEqualTo(good);
      fault.end().accept(bench);
      watched.publish();
      Answers healed = watched.answers();
      assertThat(healed.plans()).containsEntry("alice", "free").hasSize(3);
      assertThat(healed.revision()).isGreaterThan(good.revision());
      assertThat(watched.changes()).isSubsetOf(List.of(good, healed));
    }
  }
}
