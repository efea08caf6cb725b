package dev.satchel.publisher.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.Standby;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReplicaLagTest {
  private static final String[] STRICT = {"publish", "--max-source-lag", "PT0.001S"};

  @Test
  void aReplicaIsRefusedOnlyWhileItIsBehindItsPrimary(@TempDir Path folder) throws Exception {
    try (var bench = Workbench.in(folder);
        var standby = Standby.start()) {
      standby.onPrimary("CREATE TABLE people (id int PRIMARY KEY, plan text)");
      standby.onPrimary("INSERT INTO people VALUES (1, 'free')");
      standby.onPrimary("CREATE ROLE reader LOGIN PASSWORD 'reader'");
      standby.onPrimary("GRANT SELECT ON people TO reader");
      standby.untilTrue("SELECT has_table_privilege('reader', 'people', 'SELECT')");
      var replica =
          bench
              .satchel()
              .and(
                  "DATABASE_CONNECTION_STRING",
                  standby.connectionString().replaceFirst("//[^@]*@", "//reader:reader@"))
              .and("SATCHEL_QUERY", "SELECT * FROM people");

      // level with an idle primary, however long ago its last transaction was
      assertThat(replica.run(STRICT)).describedAs(replica.err()).isZero();

      standby.untilTrue("SELECT pg_wal_replay_pause() IS NOT NULL");
      standby.onPrimary("INSERT INTO people VALUES (2, 'pro')");
      standby.untilTrue("SELECT pg_last_wal_receive_lsn() <> pg_last_wal_replay_lsn()");
      assertThat(replica.run(STRICT)).isEqualTo(1);
      assertThat(replica.err())
          .contains(
              "at most 0.001 s behind its primary (SATCHEL_MAX_SOURCE_LAG)",
              "has replayed nothing for",
              "nothing was written",
              "--accept-change");
      assertThat(replica.run("publish", "--max-source-lag", "1h")).isZero();
      assertThat(replica.run("publish", "--max-source-lag", "off")).isZero();
      assertThat(replica.run(STRICT[0], STRICT[1], STRICT[2], "--accept-change")).isZero();
      assertThat(bench.published().users()).isEqualTo(1);

      standby.untilTrue("SELECT pg_wal_replay_resume() IS NOT NULL");
      standby.untilTrue("SELECT count(*) = 2 FROM people");
      assertThat(replica.run(STRICT)).describedAs(replica.err()).isZero();
      assertThat(bench.published().users()).isEqualTo(2);

      // some services that are called PostgreSQL cannot say
      standby.onPrimary("REVOKE EXECUTE ON FUNCTION pg_last_wal_receive_lsn() FROM PUBLIC");
      standby.untilTrue(
          "SELECT NOT has_function_privilege('reader', 'pg_last_wal_receive_lsn()', 'EXECUTE')");
      assertThat(replica.run(STRICT)).isEqualTo(1);
      assertThat(replica.err()).contains("SATCHEL_MAX_SOURCE_LAG=off skips the check");
      standby.onPrimary("GRANT EXECUTE ON FUNCTION pg_last_wal_receive_lsn() TO PUBLIC");
      standby.untilTrue(
          "SELECT has_function_privilege('reader', 'pg_last_wal_receive_lsn()', 'EXECUTE')");

      // nobody can say whether a replica without a primary is level with it
      standby.stopPrimary();
      standby.untilTrue("SELECT count(*) = 0 FROM pg_stat_wal_receiver");
      assertThat(replica.run(STRICT)).isEqualTo(1);
    }
  }
}
