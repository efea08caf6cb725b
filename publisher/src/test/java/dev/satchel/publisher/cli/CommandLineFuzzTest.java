package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.satchel.publisher.SatchelRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is typed behind {@code satchel run}, it is help that was asked for or one line for each
 * thing that is wrong. A build runs this over its corpus only, which is beside it in the resources;
 * to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl publisher -am test -Dtest=CommandLineFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class CommandLineFuzzTest {
  // without a database, so that nothing is ever opened
  private static final SatchelRun SATCHEL =
      SatchelRun.with(Map.of("CLOUDFLARE_API_BASE_URL", "http://127.0.0.1:9"));

  /** The arguments, with a null character between. */
  @FuzzTest
  @Timeout(10)
  void whateverIsTypedIsHelpOrALineForEachMistake(byte[] input) {
    List<String> typed = new ArrayList<>(List.of("run"));
    typed.addAll(List.of(new String(input, StandardCharsets.UTF_8).split("\0", -1)));

    int status = SATCHEL.run(typed.toArray(String[]::new));

    if (status == 0) {
      assertThat(SATCHEL.out()).isNotBlank();
      assertThat(SATCHEL.err()).isEmpty();
    } else {
      assertThat(status).isEqualTo(2);
      assertThat(SATCHEL.out()).isEmpty();
      assertThat(SATCHEL.err().split("\n", -1))
          .hasSizeGreaterThan(1)
          .allMatch(line -> line.isEmpty() || line.matches("satchel: [^\\p{Cc}\\p{Zl}\\p{Zp}]+"));
    }
  }
}
