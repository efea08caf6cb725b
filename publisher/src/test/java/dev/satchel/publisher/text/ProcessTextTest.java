package dev.satchel.publisher.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.kv.SettingsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessTextTest {
  private static final String QUERY = "SELECT id FROM users WHERE land <> 'Österreich'";
  private static final String LOST = "SELECT id FROM users WHERE land <> '\uFFFD\uFFFDsterreich'";

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ProcessText text(byte @Nullable [] environment, byte @Nullable [] commandLine) {
    return new ProcessText(environment, commandLine, "LC_ALL=C");
  }

  @Test
  void takesTheBytesAndNotWhatTheJvmMadeOfThem() {
    byte[] environment = utf8("A=b\0SATCHEL_QUERY=" + QUERY + "\0PATH=/bin\0");
    byte[] commandLine = utf8("java\0-jar\0satchel.jar\0get\0zoë\0\0");

    assertThat(text(environment, null).environment(Map.of("SATCHEL_QUERY", LOST, "A", "b")))
        .isEqualTo(Map.of("SATCHEL_QUERY", QUERY, "A", "b"));
    assertThat(text(null, commandLine).arguments(new String[] {"get", "zo\uFFFD\uFFFD", ""}))
        .containsExactly("get", "zoë", "");
  }

  @Test
  void refusesByTheNameOfTheLocaleWhatCannotBeHadExactly() {
    byte[] latin = "SATCHEL_KEY=\u00D6\0".getBytes(StandardCharsets.ISO_8859_1);
    for (byte @Nullable [] environment : new byte @Nullable [][] {null, latin, {}}) {
      assertThatThrownBy(() -> text(environment, null).environment(Map.of("SATCHEL_KEY", "\uFFFD")))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("SATCHEL_KEY has characters")
          .hasMessageContaining("LC_ALL=C")
          .hasMessageContaining("set LC_ALL=C.UTF-8");
    }
    assertThatThrownBy(() -> text(null, null).arguments(new String[] {"get", "zo\uFFFD"}))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("argument 2");
  }

  @Test
  void leavesVariablesOfOthersAndPlainTextAlone() {
    var env = Map.of("LESS_TERMCAP", "\uFFFD", "SATCHEL_KEY", "plain");

    assertThat(text(null, null).environment(env)).isEqualTo(env);
  }

  /** Prints a variable and its last argument, as the main class would have them. */
  public static final class Printing {
    private Printing() {}

    public static void main(String[] arguments) {
      ProcessText text = ProcessText.ofThisProcess(System.getenv(), arguments);
      byte[] line =
          utf8(
              text.environment(System.getenv()).get("SATCHEL_QUERY")
                  + "|"
                  + text.arguments(arguments)[0]);
      System.out.write(line, 0, line.length);
      System.out.flush();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "C.UTF-8", ""})
  void aProcessHasItsTextWhateverItsLocale(String locale) throws Exception {
    var builder =
        new ProcessBuilder(
            List.of(
                "/bin/sh",
                "-c",
                // so that the letters are bytes of UTF-8 whatever this JVM's own locale is
                "SATCHEL_QUERY=\"$(printf 'land = \\303\\226sterreich')\" exec \"$@\" \"$(printf"
                    + " 'zo\\303\\253')\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Printing.class.getName()));
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    if (!locale.isEmpty()) {
      builder.environment().put("LC_ALL", locale);
    }
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(said).isEqualTo("land = Österreich|zoë");
  }
}
