package dev.satchel.publisher.publish;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Connections;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process has proved or written is compared with as it is in memory. */
@Timeout(60)
class KeptSnapshotTest {
  private static final String KEY = "user-configs";

  private final Workbench bench;
  private final SatchelRun satchel;

  KeptSnapshotTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
    satchel = bench.satchel();
  }

  @BeforeEach
  void publishOnce() {
    assertThat(satchel.run("publish")).isZero();
    changeAlice("team");
  }

  private void changeAlice(String plan) {
    bench.sql("UPDATE %s SET plan = '" + plan + "' WHERE id = 'alice'");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aNewProcessReadsTheValueToProveItAndNoCopyToCompare() {
    bench.faults().next(1_000, "GET", "/values/user-configs.").answers(403);

    assertThat(satchel.run("publish")).describedAs(satchel.err()).isZero();

    assertThat(changedUsers()).isEqualTo(1);
  }

  @Test
  void aProcessThatGoesOnReadsNoValueAgain() {
    try (var connections = new Connections()) {
      Publication publication =
          Assembly.of(
                  connections,
                  SharedDatabase.settings(),
                  bench.kv(),
                  "tests",
                  PublisherSettings.fromEnv(readsNothingBack(), new ArrayList<>()),
                  Progress.NONE)
              .publication();
      await(publication.publish());
      bench.faults().next(1_000, "GET", "/values/").answers(403);
      changeAlice("enterprise");

      await(publication.publish());

      assertThat(changedUsers()).isEqualTo(1);
    }
  }

  private Map<String, String> readsNothingBack() {
    var env = bench.env();
    env.put("SATCHEL_READ_BACK", "0");
    return env;
  }

  private int changedUsers() {
    return bench.metadata(KEY).getJsonObject("change").getInteger("changed");
  }
}
