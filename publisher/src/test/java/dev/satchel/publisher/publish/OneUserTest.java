package dev.satchel.publisher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One user among many whose config is at, or beyond, what can be published. */
class OneUserTest {
  private final Workbench bench;

  OneUserTest(@TempDir Path folder) {
    bench = Workbench.in(folder.resolve("kv"));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'{\"a\": [\"\\ud83d\"]}'",
        "'{\"\\udc00\": 1}'",
        "'[1e200001]'",
        "'1e-200001'",
        "'1e99999999999'",
        "repeat('[', 101) || repeat(']', 101)",
        "'[' || repeat('0,', 2097152) || '0]'",
      })
  void whatCannotBePublishedIsToldInOneLineWithItsUserAndField(String json) {
    var satchel =
        with("(CASE g WHEN 900 THEN " + json + " ELSE '{}' END)::json AS prefs")
            .and("SATCHEL_MAX_USER_BYTES", "off");

    assertThat(satchel.run("publish")).isEqualTo(1);

    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .startsWith("satchel: user id 900: field prefs: expected ");
  }

  @Test
  void aUserIdThatIsTooLongIsToldByItsBeginning() {
    var satchel =
        bench
            .satchel()
            .and("SATCHEL_QUERY", "SELECT repeat('x', 100 * g) AS id FROM generate_series(1, 6) g");

    assertThat(satchel.run("publish")).isEqualTo(1);

    assertThat(satchel.err())
        .isEqualToIgnoringNewLines(
            "satchel: user id "
                + "x".repeat(80)
                + "…: expected a user id of at most 512 UTF-8 bytes but found 600");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e-9999::numeric",
        "1e-10000::numeric",
        "'[1e-16383]'::jsonb",
        "ARRAY[1e-12000::numeric]",
        "'1e-200000'::json",
        "'1e200000'::json",
        "1e131071::numeric",
      })
  void aNumberOfAnyScaleThatIsPublishedCanBeReadAgain(String number) {
    var satchel = with("CASE g WHEN 900 THEN " + number + " END AS share");

    assertThat(satchel.run("publish")).isZero();
    assertThat(satchel.run("get", "900")).isZero();
    assertThat(satchel.out()).startsWith("{\"share\":").endsWith("}" + System.lineSeparator());

    var hashed = satchel.and("SATCHEL_HASH_KEY", "a key of 24 bytes: 012345");
    assertThat(hashed.run("publish", "--accept-change", "--hash", "share")).isZero();
    assertThat(satchel.run("publish", "--layout", "per-key", "--accept-change")).isZero();
    assertThat(bench.value("900").toString()).startsWith("{\"share\":");
  }

  @Test
  void aNumberIsWrittenAsPostgresWritesItUnlessItHasTooManyZeros() {
    var satchel = with("1e-9::numeric AS a, 1e-10000::numeric AS b");

    assertThat(satchel.run("publish")).isZero();
    assertThat(satchel.run("get", "1")).isZero();

    assertThat(satchel.out().strip()).isEqualTo("{\"a\":0.000000001,\"b\":1E-10000}");
  }

  @Test
  void anIdOfCharIsFoundWithAndWithoutItsBlanks() {
    var satchel = bench.satchel().and("SATCHEL_QUERY", "SELECT 'ab'::char(5) AS id, 1 AS x");
    assertThat(satchel.run("publish")).isZero();

    for (String id : new String[] {"ab", "ab   "}) {
      assertThat(satchel.run("get", id)).isZero();
      assertThat(satchel.out().strip()).isEqualTo("{\"x\":1}");
    }
    assertThat(satchel.run("get", " ab")).isEqualTo(3);
  }

  private SatchelRun with(String fields) {
    return bench
        .satchel()
        .and("SATCHEL_QUERY", "SELECT g AS id, " + fields + " FROM generate_series(1, 1000) AS g");
  }
}
