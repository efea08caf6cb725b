package dev.satchel.publisher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A new process proves what is in use while it reads users; either may fail. */
@Timeout(60)
class ProofMeanwhileTest {
  private static final String KEY = "user-configs";
  private static final String VALUE = "/values/user-configs$";
  private static final String NO_END =
      "SELECT 'user-' || n, true AS preview, 'pro' AS plan FROM (SELECT generate_series(1, 2000000000) AS n) AS all_users";

  private final Workbench bench;
  private final SatchelRun satchel;
  private Buffer good = Buffer.buffer();

  ProofMeanwhileTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
    satchel = bench.satchel();
  }

  @BeforeEach
  void publishOnce() {
    assertThat(satchel.run("publish")).isZero();
    good = bench.value(KEY);
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'alice'");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aProofThatFailsEndsAReadingOfAnyLength() {
    bench.faults().next(1_000, "GET", VALUE).answers(403);

    assertFails(NO_END, "403");
  }

  @Test
  void theFailureOfTheProofIsToldWhenTheReadingFailsToo() {
    bench.faults().next(1_000, "GET", VALUE).answers(403);

    assertFails("SELECT * FROM no_such_table", "403");
  }

  @Test
  void aReadingThatFailsIsToldOnceTheProofHasEnded() {
    assertFails("SELECT id, 1 / (length(id) - 3) AS n FROM " + bench.table, "division by zero");
  }

  private void assertFails(String query, String why) {
    var failing = satchel.and("SATCHEL_QUERY", query);

    assertThat(failing.run("publish")).isEqualTo(1);

    assertThat(failing.err().lines()).singleElement().asString().contains(why);
    bench.faults().clear();
    assertThat(bench.value(KEY)).isEqualTo(good);
    assertThat(satchel.run("publish")).describedAs(satchel.err()).isZero();
    assertThat(bench.value(KEY)).isNotEqualTo(good);
  }
}
