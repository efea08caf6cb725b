package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSettingsTest {
  private static final String SECRET = "hunter2";

  @Test
  void everyPartIsRead() {
    PgConnectOptions options =
        options("postgresql://ann%40home:p%2Fw%20+@db.example:6543/my%2Ddb?sslmode=disable");

    assertThat(options.getUser()).isEqualTo("ann@home");
    assertThat(options.getPassword()).isEqualTo("p/w +");
    assertThat(options.getHost()).isEqualTo("db.example");
    assertThat(options.getPort()).isEqualTo(6543);
    assertThat(options.getDatabase()).isEqualTo("my-db");
    assertThat(options.getSslMode()).isEqualTo(SslMode.DISABLE);
  }

  @Test
  void whatIsLeftOutIsAsWithPsql() {
    PgConnectOptions options = options("postgres://ann@[::1]");

    assertThat(options.getHost()).isEqualTo("::1");
    assertThat(options.getPort()).isEqualTo(5432);
    assertThat(options.getDatabase()).isEqualTo("ann");
    assertThat(options.getPassword()).isEmpty();
    assertThat(options.getSslMode()).isEqualTo(SslMode.PREFER);
  }

  @Test
  void anAtInThePasswordIsForgiven() {
    assertThat(options("postgresql://ann:p@ss@db/x").getPassword()).isEqualTo("p@ss");
  }

  @Test
  void theFormsOfTlsCheckWhatTheySay(@TempDir Path folder) throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), "certificate");

    ClientSSLOptions required = ssl("sslmode=require");
    ClientSSLOptions verified = ssl("sslmode=verify-full&sslrootcert=" + root);
    ClientSSLOptions authority = ssl("sslmode=verify-ca");

    assertThat(required.isTrustAll()).isTrue();
    assertThat(verified.isTrustAll()).isFalse();
    assertThat(verified.getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(verified.getTrustOptions()).isInstanceOf(PemTrustOptions.class);
    assertThat(authority.isTrustAll()).isFalse();
    assertThat(authority.getHostnameVerificationAlgorithm()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://a:hunter2@db/x | is not of the form postgresql://user:password@host:5432/database",
        "hunter2 | is not of the form",
        "postgresql://:hunter2@db/x | names no user",
        "postgresql://a:hunter2@/x | names no host",
        "postgresql://a:hun/hunter2@db/x | is not of the form",
        "postgresql://a:hunter2@db:0/x | has a port that is not a number from 1 to 65535",
        "postgresql://a:hunter2@db:hunter2/x | has a port",
        "postgresql://a:hunter2%@db/x | has a % in its password",
        "postgresql://a:hunter2@db1,db2/x | is not of the form",
        "postgresql://a:hunter2@db/x?sslmode=hunter2 | has an unknown sslmode; expected disable,",
        "postgresql://a:hunter2@db/x?target=any | has an unknown parameter target; known are",
        "postgresql://a:hunter2@db/x?channel_binding=require | asks for channel_binding=require",
        "postgresql://a:hunter2@db/x?connect_timeout=soon | has a connect_timeout",
        "postgresql://a:hunter2@db/x?sslrootcert=/none.pem | names sslrootcert=/none.pem, which",
      })
  void aMalformedStringIsToldWithoutBeingShown(String text, String told) {
    Map<String, String> environment = Map.of(DatabaseSettings.VARIABLE, text);

    assertThatThrownBy(() -> DatabaseSettings.fromEnvironment(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("DATABASE_CONNECTION_STRING " + told)
        .hasMessageNotContaining(SECRET)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aFileCanHoldTheString(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("db"), "postgresql://a:hunter2@db/x\n");

    var settings =
        DatabaseSettings.fromEnvironment(Map.of(DatabaseSettings.FILE_VARIABLE, file.toString()))
            .orElseThrow();

    assertThat(settings.connectionString()).isEqualTo("postgresql://a:hunter2@db/x");
    assertThat(settings.variable()).isEqualTo("DATABASE_CONNECTION_STRING_FILE");
    assertThat(settings).hasToString("a@db:5432/x");
  }

  @Test
  void anAbsentFileOrBothVariablesAreRefused() {
    assertThatThrownBy(
            () -> DatabaseSettings.fromEnvironment(Map.of(DatabaseSettings.FILE_VARIABLE, "/none")))
        .hasMessageStartingWith(
            "DATABASE_CONNECTION_STRING_FILE names a file that cannot be read (NoSuchFile");
    assertThatThrownBy(
            () ->
                DatabaseSettings.fromEnvironment(
                    Map.of(
                        DatabaseSettings.FILE_VARIABLE,
                        "/none",
                        DatabaseSettings.VARIABLE,
                        "postgresql://a@db/x")))
        .hasMessage(
            "expected only one of DATABASE_CONNECTION_STRING and DATABASE_CONNECTION_STRING_FILE but"
                + " both are set");
  }

  @Test
  void aNullCharacterIsRefusedAndALineBreakIsNotShown() {
    for (String text :
        new String[] {
          "postgresql://a%00b@db/x",
          "postgresql://a:%00@db/x",
          "postgresql://a@db/x%00",
          "postgresql://a@db/x?application_name=a%00user%00postgres",
          "postgresql://a@db/x?sslrootcert=%00"
        }) {
      assertThatThrownBy(() -> DatabaseSettings.parse("X", text))
          .as(text)
          .hasMessageStartingWith("X has a null character in its ");
    }
    assertThatThrownBy(
            () -> DatabaseSettings.parse("X", "postgresql://a@db/x?sslrootcert=/no%0Ane"))
        .hasMessage("X names sslrootcert=/no ne, which is not a readable file");
  }

  @Test
  void noVariableMeansNoSettings() {
    assertThat(DatabaseSettings.fromEnvironment(Map.of(DatabaseSettings.VARIABLE, " "))).isEmpty();
  }

  private static PgConnectOptions options(String text) {
    return DatabaseSettings.parse("X", text).connectOptions();
  }

  private static ClientSSLOptions ssl(String parameters) {
    return Objects.requireNonNull(options("postgresql://a@db/x?" + parameters).getSslOptions());
  }
}
