package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.source.Certificates;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.SourceException;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of sslmode against a server that speaks TLS, with a certificate for 127.0.0.1 only. */
class TlsTest {
  private static EmbeddedDatabase database;
  private static EmbeddedDatabase expiredDatabase;
  private static Path certificate;
  private static Path unrelated;
  private static Path expired;

  @BeforeAll
  static void startWithTls(@TempDir Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var certificates =
        Certificates.create(folder, List.of("server", "other", "expired"), List.of("expired"));
    certificate = certificates.pem("server");
    unrelated = certificates.pem("other");
    Path key = certificates.keyPem("server");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Account.forPostgres(folder).own(key);
    database = started(certificate, key);
    expired = certificates.pem("expired");
    Path expiredKey = certificates.keyPem("expired");
    Files.setPosixFilePermissions(expiredKey, PosixFilePermissions.fromString("rw-------"));
    Account.forPostgres(folder).own(expiredKey);
    expiredDatabase = started(expired, expiredKey);
  }

  private static EmbeddedDatabase started(Path certificate, Path key) {
    return await(
        EmbeddedDatabase.start(
            SharedDatabase.vertx(),
            List.of("ssl=on", "ssl_cert_file=" + certificate, "ssl_key_file=" + key)));
  }

  @AfterAll
  static void stop() {
    await(database.close());
    await(expiredDatabase.close());
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
  void whyACertificateIsRefusedIsToldApart() {
    for (String parameters :
        List.of(
            "sslmode=verify-full",
            "sslmode=verify-ca",
            "channel_binding=require",
            "sslmode=verify-full&sslrootcert=" + unrelated,
            "sslmode=require&sslrootcert=" + unrelated)) {
      assertThatThrownBy(() -> isEncrypted("127.0.0.1", parameters))
          .as(parameters)
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("TLS failed (the server's certificate is signed by an unknown")
          .hasMessageEndingWith("check sslmode and sslrootcert; check X");
    }
    assertThatThrownBy(
            () -> isEncrypted("localhost", "sslmode=verify-full&sslrootcert=" + certificate))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("TLS failed (the server's certificate is for another host");
    for (String mode : List.of("verify-full", "verify-ca")) {
      assertThatThrownBy(
              () ->
                  isEncrypted(
                      expiredDatabase, "127.0.0.1", "sslmode=" + mode + "&sslrootcert=" + expired))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("TLS failed (the server's certificate has expired");
    }
    assertThat(isEncrypted(expiredDatabase, "127.0.0.1", "sslmode=require")).isTrue();
  }

  private static boolean isEncrypted(String host, String parameters) {
    return isEncrypted(database, host, parameters);
  }

  private static boolean isEncrypted(EmbeddedDatabase server, String host, String parameters) {
    String text = server.connectionString().replace("127.0.0.1", host) + "?" + parameters;
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
}
