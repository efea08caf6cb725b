package dev.satchel.publisher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.Satchel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(int columns, String... args) {
    Terminal terminal =
        new Terminal() {
          @Override
          public boolean showsErrors() {
            return false;
          }

          @Override
          public int columns() {
            return columns;
          }
        };
    return SatchelCommand.run(
        args,
        new Invocation(
            Map.of(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            terminal,
            new CompletableFuture<>()));
  }

  @ParameterizedTest
  @ValueSource(ints = {55, 60, 80, 100})
  void theHelpOfEveryCommandFitsTheTerminal(int columns) {
    assertThat(run(columns, "--help")).isZero();
    for (String name : Commands.names()) {
      assertThat(run(columns, name, "--help")).as(name).isZero();
      assertThat(out.toString(UTF_8)).contains("Usage: satchel " + name + " [");
    }

    assertThat(out.toString(UTF_8).lines())
        // a name that is longer than a line cannot be broken
        .filteredOn(line -> line.strip().contains(" "))
        .allMatch(line -> line.length() <= columns);
  }

  @Test
  void theListNamesEveryCommandWhetherOrNotOneIsNamed() {
    assertThat(run(80, "--help")).isZero();
    assertThat(run(80, "--help", "seed")).isZero();

    for (String name : Commands.names()) {
      assertThat(out.toString(UTF_8).split("\n  " + name + " ", -1)).as(name).hasSize(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "publich, publish",
    "rnu, run",
    "hist, history",
    "Seed, seed",
    "run --shedule=5m, --schedule",
    "run --http-prot 1, --http-port",
    "publish --layuot x, --layout",
  })
  void aSlipOfTheFingersIsAnsweredByWhatWasMeant(String typed, String meant) {
    assertThat(run(80, typed.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains("; did you mean " + meant + "? (satchel ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"frobnicate", "run --frobnicate", "run publish", "keygen a seed"})
  void whatIsNearNothingIsAnsweredWithoutAGuess(String typed) {
    assertThat(run(80, typed.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("satchel: ").doesNotContain("did you mean");
  }

  @Test
  void aMistypedVariableIsToldWithoutItsValue() {
    var env =
        Map.of(
            "SATCHEL_SHEDULE", "5m",
            "CLOUDFLARE_API_TOKEN_FIEL", "/a-path",
            "SATCHEL_KEY", "known",
            "SATCHEL_POLL_INTERVAL", "a setting of readers",
            "MY_SATCHEL_KYE", "of somebody else");

    assertThat(Settings.mistyped(env))
        .containsExactly(
            "CLOUDFLARE_API_TOKEN_FIEL is ignored, because there is no such setting; did you mean"
                + " CLOUDFLARE_API_TOKEN_FILE?",
            "SATCHEL_SHEDULE is ignored, because there is no such setting; did you mean"
                + " SATCHEL_SCHEDULE?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "--help", "publish --help", "kv --help", "seed --help"})
  void helpNeedsNeitherVertxNorALog(String typed) throws Exception {
    List<String> command = new ArrayList<>(List.of("-Xlog:class+load"));
    command.addAll(satchel(typed));

    assertThat(said(command))
        .contains(Satchel.class.getName() + " ")
        .doesNotContain(" io.vertx.core.impl", " io.netty", " ch.qos.logback");
  }

  @Test
  void numbersDoNotFollowTheLanguageOfTheMachine() throws Exception {
    List<String> command = new ArrayList<>(List.of("-Duser.language=ar", "-Duser.country=EG"));
    command.addAll(satchel("seed --users 1999999999"));

    assertThat(said(command)).contains("found 1999999999");
  }

  private static List<String> satchel(String typed) {
    List<String> words =
        new ArrayList<>(
            List.of("-cp", System.getProperty("java.class.path"), Satchel.class.getName()));
    words.addAll(List.of(typed.split(" ", -1)));
    return words;
  }

  private static String said(List<String> arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
