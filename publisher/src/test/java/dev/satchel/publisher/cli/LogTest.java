package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.RunningSatchel;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of a process of its own, as a person and as a program read it. */
@Timeout(120)
class LogTest {
  private final Workbench bench;

  LogTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Map<String, String> env(String... more) {
    var env = new HashMap<>(bench.env());
    // two lines, which a log must not break into two
    env.put("SATCHEL_QUERY", "SELECT *\nFROM " + bench.table);
    for (int i = 0; i < more.length; i += 2) {
      env.put(more[i], more[i + 1]);
    }
    return env;
  }

  @Test
  void inJsonEachLineIsAnObjectThatSaysHowTheRunEnded() throws Exception {
    try (var satchel = RunningSatchel.start(env("SATCHEL_LOG", "json"), "run", "-v")) {
      var published = new JsonObject(satchel.nextLineWith("published revision"));
      assertThat(satchel.stop()).isZero();

      assertThat(published.getString("time")).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
      assertThat(published.getString("level")).isEqualTo("INFO");
      assertThat(published.getString("logger")).endsWith(".PublishLoop");
      assertThat(published.getString("message")).startsWith("published revision ");
      assertThat(published.getString("outcome")).isEqualTo("published");
      assertThat(published.getLong("revision")).isPositive();
      assertThat(published.getLong("users")).isEqualTo(3);
      assertThat(published.getJsonObject("seconds").fieldNames()).contains("read", "put");
      assertThat(published.getJsonObject("seconds").getDouble("put")).isNotNegative();
      assertThat(satchel.rest().lines().map(JsonObject::new))
          .isNotEmpty()
          .allMatch(line -> line.containsKey("message"));
    }
  }

  @Test
  void inJsonAFailedRunSaysItsOutcomeAndItsStages() throws Exception {
    bench.sql("DELETE FROM %s");
    try (var satchel = RunningSatchel.start(env("SATCHEL_LOG", "JSON"), "run")) {
      var refused = new JsonObject(satchel.nextLineWith("run failed"));

      assertThat(refused.getString("level")).isEqualTo("ERROR");
      assertThat(refused.getString("outcome")).isEqualTo("refused");
      assertThat(refused.getJsonObject("seconds").fieldNames()).contains("read");
    }
  }

  @Test
  void inJsonOnePublicationSaysTheSameAsJsonOnStandardOutput() throws Exception {
    try (var satchel = RunningSatchel.start(env("SATCHEL_LOG", "json"), "publish")) {
      List<JsonObject> lines = satchel.rest().lines().map(JsonObject::new).toList();

      assertThat(lines)
          .anyMatch(
              line -> "put".equals(line.getString("stage")) && line.containsKey("stageSeconds"))
          .last()
          .matches(line -> line.getString("outcome").equals("published"))
          .matches(line -> line.getJsonObject("seconds").containsKey("put"));
    }
  }

  @Test
  void inTextEachEventIsOneLineForAPersonWhateverItTellsOf() throws Exception {
    try (var satchel = RunningSatchel.start(env("SATCHEL_LOG", ""), "run", "--schedule", "1h")) {
      String published = satchel.nextLineWith("published revision");
      assertThat(satchel.stop()).isZero();

      assertThat(published).matches("[0-9T:.-]+Z INFO  PublishLoop: published revision .*");
      assertThat(satchel.rest().lines()).allMatch(line -> line.matches("[0-9T:.-]+Z [A-Z]+ .*"));
    }
    try (var satchel = RunningSatchel.start(env(), "publish")) {
      assertThat(satchel.rest().lines())
          .isNotEmpty()
          .allMatch(line -> line.matches("[0-9T:.-]+Z [A-Z]+ +[A-Za-z]+: .*"));
    }
  }

  @Test
  void theLevelDecidesWhatIsLoggedAndVerboseWinsOverIt() throws Exception {
    try (var satchel = RunningSatchel.start(env("SATCHEL_LOG_LEVEL", "warn"), "publish")) {
      assertThat(satchel.rest()).isEmpty();
    }
    try (var satchel = RunningSatchel.start(env("SATCHEL_LOG_LEVEL", "debug"), "publish")) {
      assertThat(satchel.rest()).contains(" DEBUG ");
    }
    try (var satchel = RunningSatchel.start(env("SATCHEL_LOG_LEVEL", "error"), "publish", "-v")) {
      assertThat(satchel.rest()).contains(" DEBUG ");
    }
  }

  @Test
  void whatACommandCannotDoIsOneLineAsEverAlsoInJson() throws Exception {
    var env = env("SATCHEL_LOG", "json", "SATCHEL_QUERY", "SELECT nothing FROM nowhere");
    try (var satchel = RunningSatchel.start(env, "publish")) {
      assertThat(satchel.rest().lines()).last().asString().startsWith("satchel: ");
    }
  }

  @Test
  void wrongSettingsOfTheLogAreOneLineEachAndDoNotStandInTheWayOfHelp() {
    var satchel = SatchelRun.with(Map.of("SATCHEL_LOG", "xml", "SATCHEL_LOG_LEVEL", "loud"));

    assertThat(satchel.run("history")).isEqualTo(2);
    assertThat(satchel.err().lines())
        .containsExactly(
            "satchel: SATCHEL_LOG: expected text or json but found xml",
            "satchel: SATCHEL_LOG_LEVEL: expected error, warn, info, debug or trace but found loud");
    assertThat(satchel.run("history", "--help")).isZero();
    assertThat(satchel.run("--version")).isZero();
  }
}
