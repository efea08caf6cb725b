package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.SourceException;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of sslmode against a server that speaks TLS, with a certificate for 127.0.0.1 only. */
class TlsTest {
  private static EmbeddedDatabase database;
  private static Path certificate;

  @BeforeAll
  static void startWithTls(@TempDir Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=satchel",
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    certificate = pem(folder, "CERTIFICATE", keys.getCertificate("server").getEncoded());
    Path key =
        pem(folder, "PRIVATE KEY", keys.getKey("server", "changeit".toCharArray()).getEncoded());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Account.forPostgres(folder).own(key);
    database =
        await(
            EmbeddedDatabase.start(
                SharedDatabase.vertx(),
                List.of("ssl=on", "ssl_cert_file=" + certificate, "ssl_key_file=" + key)));
  }

  @AfterAll
  static void stop() {
    await(database.close());
  }

  @Test
  void tlsIsUsedUnlessItIsDisabled() {
    assertThat(isEncrypted("127.0.0.1", "sslmode=disable")).isFalse();
    assertThat(isEncrypted("127.0.0.1", "")).isTrue();
    assertThat(isEncrypted("127.0.0.1", "sslmode=prefer")).isTrue();
    assertThat(isEncrypted("127.0.0.1", "sslmode=require")).isTrue();
  }

  @Test
  void aKnownCertificateForTheRightHostIsAccepted() {
    assertThat(isEncrypted("127.0.0.1", "sslmode=verify-full&sslrootcert=" + certificate)).isTrue();
    assertThat(isEncrypted("127.0.0.1", "sslmode=verify-ca&sslrootcert=" + certificate)).isTrue();
    assertThat(isEncrypted("localhost", "sslmode=verify-ca&sslrootcert=" + certificate)).isTrue();
  }

  @Test
  void anUnknownCertificateOrAnotherHostIsRefused() {
    for (String parameters : List.of("sslmode=verify-full", "sslmode=verify-ca")) {
      assertThatThrownBy(() -> isEncrypted("127.0.0.1", parameters))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("TLS failed")
          .hasMessageEndingWith("check sslmode and sslrootcert; check X");
    }
    assertThatThrownBy(
            () -> isEncrypted("localhost", "sslmode=verify-full&sslrootcert=" + certificate))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("TLS failed");
  }

  private static boolean isEncrypted(String host, String parameters) {
    String text = database.connectionString().replace("127.0.0.1", host) + "?" + parameters;
    PgConnection connection =
        await(DatabaseSettings.parse("X", text).connect(SharedDatabase.vertx()));
    try {
      return await(
              connection
                  .query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                  .execute())
          .iterator()
          .next()
          .getBoolean(0);
    } finally {
      await(connection.close());
    }
  }

  private static Path pem(Path folder, String kind, byte[] content) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(content);
    return Files.writeString(
        folder.resolve(kind.replace(' ', '-') + ".pem"),
        "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
