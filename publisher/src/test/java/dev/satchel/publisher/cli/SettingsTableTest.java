package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.text.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * publisher/README.md has the table that the settings give. This writes it anew:
 *
 * <pre>
 * mvn -pl publisher -am test -Dtest=SettingsTableTest -Dsatchel.writes=true -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class SettingsTableTest {
  private static final Path README = Path.of("README.md");
  private static final String HEAD =
      "| variable | option | default | meaning |\n|---|---|---|---|\n";

  @Test
  void theReadmesTableIsTheTableOfSettings() throws IOException {
    String readme = Files.readString(README);
    int from = readme.indexOf(HEAD);
    assertThat(from).as("the table in " + README).isNotNegative();
    int to = readme.indexOf("\n\n", from) + 1;
    String wanted = readme.substring(0, from) + table() + readme.substring(to);
    if (Boolean.getBoolean("satchel.writes")) {
      Files.writeString(README, wanted);
    }
    assertThat(Files.readString(README)).isEqualTo(wanted);
  }

  @Test
  void everyDefaultIsRight() {
    for (Setting<?> setting : Settings.all()) {
      if (setting.byDefault() != null) {
        assertThat(setting.defaultValue()).as(setting.variable()).isNotNull();
      }
    }
  }

  private static String table() {
    List<String> rows = new ArrayList<>();
    for (Setting<?> setting : Settings.all()) {
      rows.add(
          row(
              code(setting.variable()),
              setting.option() == null ? "" : code(setting.option()),
              setting.byDefault() == null
                  ? setting.defaultInWords()
                  : code(setting.defaultInWords()),
              setting.meaning()));
      if (setting.isSecret()) {
        rows.add(row(code(setting.variable() + "_FILE"), "", "", "a file that holds it"));
      }
    }
    return HEAD + String.join("", rows);
  }

  private static String row(String... cells) {
    var row = new StringBuilder("|");
    for (String cell : cells) {
      row.append(cell.isEmpty() ? " |" : " " + cell + " |");
    }
    return row.append('\n').toString();
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
