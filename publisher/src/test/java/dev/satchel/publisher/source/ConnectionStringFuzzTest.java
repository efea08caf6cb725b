package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a connection string is, it is understood or refused without being shown. A build runs
 * this over its corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl publisher -am test -Dtest=ConnectionStringFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class ConnectionStringFuzzTest {
  private static final String PASSWORD = "p4ssw0rd";

  @FuzzTest
  @Timeout(10)
  void whateverAConnectionStringIsItIsUnderstoodOrRefusedUnshown(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    if (text.contains(PASSWORD)) {
      return; // the search has made a user name of it, say, which may be shown
    }
    for (String given : new String[] {text, "postgresql://u:" + PASSWORD + "@" + text}) {
      List<String> problems = new ArrayList<>();
      var settings = DatabaseSettings.fromEnv(Map.of(DatabaseSettings.VARIABLE, given), problems);
      assertThat(settings.map(Object::toString).orElse("")).doesNotContain(PASSWORD);
      for (String problem : problems) {
        assertThat(problem)
            .startsWith(DatabaseSettings.VARIABLE)
            .doesNotContain("\n")
            .doesNotContain(PASSWORD);
      }
    }
  }
}
