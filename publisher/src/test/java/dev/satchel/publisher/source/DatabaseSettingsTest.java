package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSettingsTest {
  private static final String SECRET = "hunter2";
  private static final String FILE = DatabaseSettings.VARIABLE + "_FILE";

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
  void theFormsOfTlsCheckWhatTheySay(@TempDir Path folder) throws Exception {
    Path root = Certificates.create(folder).pem("root");

    ClientSSLOptions required = ssl("sslmode=require");
    ClientSSLOptions verified = ssl("sslmode=verify-full&sslrootcert=" + root);
    ClientSSLOptions authority = ssl("sslmode=verify-ca");

    assertThat(required.isTrustAll()).isTrue();
    assertThat(verified.isTrustAll()).isFalse();
    assertThat(verified.getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(verified.getTrustOptions()).isNotNull();
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
        "postgresql://a:123/hunter2@db | is not of the form",
        "host=db user=a password='hunter2 | is not of the form keyword=value",
        "postgresql://a:hunter2@db1,db2:1,db3:2/x?port=1,2 | has 2 ports for 3 hosts",
        "postgresql://a:hunter2@db1,,db2/x | names no host",
        "postgresql://a:hunter2@db/x?gssencmode=require | asks for gssencmode=require, which Satchel",
        "postgresql://a:hunter2@db/x?require_auth=md5 | asks for require_auth, which Satchel",
        "postgresql://a:hunter2@db/x?sslnegotiation=direct | asks for sslnegotiation=direct",
        "postgresql://a:hunter2@db/x?sslpassword=hunter2 | asks for sslpassword, which Satchel",
        "postgresql://a:hunter2@db1,db2/x?load_balance_hosts=random | asks for load_balance_hosts",
        "postgresql://a:hunter2@db/x?target_session_attrs=first | has an unknown target_session_attrs",
        "postgresql://a:hunter2@db/x?sslmode=require&sslrootcert=system | has a weak sslmode",
        "postgresql://a:hunter2@db/x?sslcert=/none.crt | names sslcert=/none.crt, which is not",
        "postgresql://a:hunter2@db/x?service=none | names service none, which no service file",
        "postgresql://a:hunter2@db/x?ssl_min_protocol_version=SSLv3 | has an unknown ssl_min",
        "postgresql://a:hunter2@db/x?sslmode=hunter2 | has an unknown sslmode; expected disable,",
        "postgresql://a:hunter2@db/x?target=any | has an unknown parameter target; known are",
        "postgresql://a:hunter2@db/x?channel_binding=require&sslmode=disable | asks for channel_binding",
        "postgresql://a:hunter2@db/x?connect_timeout=soon | has a connect_timeout",
        "postgresql://a:hunter2@db/x?sslrootcert=/none.pem | names sslrootcert=/none.pem, which",
      })
  void aMalformedStringIsToldWithoutBeingShown(String text, String told) {
    Map<String, String> environment = Map.of(DatabaseSettings.VARIABLE, text);

    assertThat(problems(environment))
        .singleElement()
        .asString()
        .startsWith("DATABASE_CONNECTION_STRING " + told)
        .doesNotContain(SECRET, "\n");
  }

  @Test
  void aFileCanHoldTheString(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("db"), "postgresql://a:hunter2@db/x\n");

    var settings = settings(Map.of(FILE, file.toString()));

    assertThat(settings.connectionString()).isEqualTo("postgresql://a:hunter2@db/x");
    assertThat(settings.variable()).isEqualTo("DATABASE_CONNECTION_STRING_FILE");
    assertThat(settings).hasToString("a@db:5432/x");
  }

  @Test
  void anAbsentFileOrBothVariablesAreRefused() {
    assertThat(problems(Map.of(FILE, "/none")))
        .containsExactly(
            "DATABASE_CONNECTION_STRING_FILE names a file that cannot be read"
                + " (NoSuchFileException): expected the path of a readable file");
    assertThat(problems(Map.of(FILE, "/none", DatabaseSettings.VARIABLE, "postgresql://a@db/x")))
        .containsExactly(
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
  void bothFormsOfLibpqSayTheSame() {
    for (String text :
        List.of(
            "postgresql://ann:p%27w%5C%20@db1,[::1]:6543/my%20db?options=-c%20a%3Db",
            "postgresql:///my%20db?host=db1,::1&port=,6543&user=ann&password=p'w%5C%20&options=-c%20a%3Db",
            "host=db1,::1 port = ',6543' user=ann password='p\\'w\\\\ ' dbname='my db' options='-c a=b'")) {
      var settings = DatabaseSettings.parse("X", text);

      assertThat(settings).as(text).hasToString("ann@db1:5432,[::1]:6543/my db");
      assertThat(options(settings).getPassword()).isEqualTo("p'w\\ ");
      assertThat(options(settings).getProperties()).containsEntry("options", "-c a=b");
    }
  }

  @Test
  void aSocketIsNamedByItsFolderAndNeedsNoUser() {
    for (String text :
        List.of("postgresql:///app?host=/run/pg&port=6543", "postgresql://%2Frun%2Fpg:6543/app")) {
      PgConnectOptions options = options(text);

      assertThat(options.isUsingDomainSocket()).isTrue();
      assertThat(options.getSocketAddress().path()).isEqualTo("/run/pg/.s.PGSQL.6543");
      assertThat(options.getUser()).isEqualTo(System.getProperty("user.name"));
    }
  }

  @Test
  void variablesOfLibpqFillInWhatTheStringLeavesOut() {
    var settings =
        settings(
            Map.of(
                DatabaseSettings.VARIABLE,
                "postgresql:///x",
                "PGHOST",
                "db.example\n",
                "PGPORT",
                "6543",
                "PGUSER",
                "ann",
                "PGPASSWORD",
                SECRET,
                "PGDATABASE",
                "y",
                "PGSSLMODE",
                "require",
                "PGAPPNAME",
                "mine",
                "PGOPTIONS",
                "-c a=b"));

    assertThat(settings).hasToString("ann@db.example:6543/x");
    assertThat(options(settings).getPassword()).isEqualTo(SECRET);
    assertThat(options(settings).getSslMode()).isEqualTo(SslMode.REQUIRE);
    assertThat(options(settings).getProperties())
        .containsEntry("application_name", "mine")
        .containsEntry("options", "-c a=b");
    assertThat(
            problems(
                Map.of(DatabaseSettings.VARIABLE, "postgresql://a@db/x", "PGSSLMODE", "secure")))
        .singleElement()
        .asString()
        .startsWith("PGSSLMODE has an unknown sslmode");
  }

  @Test
  void aServiceOfTheServiceFileIsReadBeforeTheVariables(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve(".pg_service.conf"),
        "[other]\nhost=no\n# comment\n[app]\nhost=db.example\nuser=ann\npassword=hunter2\n");

    var settings =
        settings(
            Map.of(
                DatabaseSettings.VARIABLE,
                "service=app dbname=x",
                "HOME",
                folder.toString(),
                "PGUSER",
                "bob"));

    assertThat(settings).hasToString("ann@db.example:5432/x");
    assertThat(options(settings).getPassword()).isEqualTo(SECRET);
  }

  @Test
  void aPasswordFileIsReadAsLibpqDoesUnlessOthersMayReadIt(@TempDir Path folder)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(".pgpass"),
            "# a comment\nother:*:*:*:no\ndb:6543:x:ann:hunter\\:2\\\\\nlocalhost:*:*:ann:local\n");
    Map<String, String> env =
        Map.of(DatabaseSettings.VARIABLE, "postgresql://ann@db:6543/x", "HOME", folder.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertThat(options(settings(env)).getPassword()).isEqualTo("hunter:2\\");
    assertThat(
            options(
                    settings(
                        Map.of(
                            DatabaseSettings.VARIABLE,
                            "postgresql://ann@%2Frun/x",
                            "PGPASSFILE",
                            file.toString())))
                .getPassword())
        .isEqualTo("local");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(options(settings(env)).getPassword()).isEmpty();
  }

  @Test
  void whatHostingCompaniesAndPsqlAddIsTaken() {
    PgConnectOptions bound = options("postgresql://a@db/x?sslmode=require&channel_binding=require");
    PgConnectOptions plain =
        options(
            "postgresql://a@db/x?gssencmode=disable&keepalives=1&keepalives_idle=30&connect_timeout=0"
                + "&target_session_attrs=read-write&client_encoding=UTF8&sslsni=1&sslcompression=0"
                + "&fallback_application_name=psql&tcp_user_timeout=1000&sslnegotiation=postgres");

    // the driver cannot insist on channel binding, and verify-full keeps others out as well
    assertThat(bound.getSslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(plain.getProperties())
        .containsOnly(
            Map.entry("application_name", "psql"),
            Map.entry("client_encoding", "utf8"),
            Map.entry("DateStyle", "ISO"));
  }

  @Test
  void aFileThatHoldsNoRootCertificateIsRefusedAtOnceByWhatItHolds(@TempDir Path folder)
      throws Exception {
    var certificates = Certificates.create(folder);
    Map<Path, String> files =
        Map.of(
            certificates.der("root"), "a certificate as DER",
            certificates.pkcs7("root"), "PKCS#7",
            certificates.pkcs7Der("root"), "PKCS#7",
            certificates.keyPem("root"), "a private key",
            Files.writeString(folder.resolve("empty"), "\n"), "nothing",
            Files.writeString(folder.resolve("text"), "hello"), "no certificate",
            Files.writeString(
                    folder.resolve("broken"),
                    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
                "a broken certificate");

    files.forEach(
        (file, told) ->
            assertThatThrownBy(
                    () -> DatabaseSettings.parse("X", "postgresql://a@db/x?sslrootcert=" + file))
                .hasMessageStartingWith("X names sslrootcert=" + file + ", which holds " + told));
  }

  @Test
  void noVariableMeansNoSettings() {
    List<String> problems = new ArrayList<>();

    assertThat(DatabaseSettings.fromEnv(Map.of(DatabaseSettings.VARIABLE, " "), problems))
        .isEmpty();
    assertThat(problems).isEmpty();
  }

  private static PgConnectOptions options(String text) {
    return options(DatabaseSettings.parse("X", text));
  }

  private static PgConnectOptions options(DatabaseSettings settings) {
    return settings.connectOptions(settings.hosts().get(0), settings.tls().authorities());
  }

  private static DatabaseSettings settings(Map<String, String> env) {
    List<String> problems = new ArrayList<>();
    Optional<DatabaseSettings> settings = DatabaseSettings.fromEnv(env, problems);
    assertThat(problems).isEmpty();
    return settings.orElseThrow();
  }

  private static List<String> problems(Map<String, String> env) {
    List<String> problems = new ArrayList<>();
    assertThat(DatabaseSettings.fromEnv(env, problems)).isEmpty();
    return problems;
  }

  private static ClientSSLOptions ssl(String parameters) {
    return Objects.requireNonNull(options("postgresql://a@db/x?" + parameters).getSslOptions());
  }
}
