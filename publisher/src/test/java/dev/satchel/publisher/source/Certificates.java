package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keys and self-signed certificates that keytool makes, in the forms in which files hold them. */
public final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final KeyStore keys;

  private Certificates(Path folder, KeyStore keys) {
    this.folder = folder;
    this.keys = keys;
  }

  /** Makes one named {@code root}. */
  public static Certificates create(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    return create(folder, List.of("root"), List.of());
  }

  /**
   * Makes one for each name, for the host 127.0.0.1.
   *
   * @param expired which of them ended yesterday
   */
  public static Certificates create(Path folder, List<String> names, List<String> expired)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("keys.p12");
    for (String name : names) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  PASSWORD,
                  "-alias",
                  name,
                  "-keyalg",
                  "RSA",
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "san=ip:127.0.0.1"));
      if (expired.contains(name)) {
        command.addAll(List.of("-startdate", "-10d", "-validity", "9"));
      }
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("keytool.log").toFile())
              .start();
      assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    return new Certificates(folder, KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()));
  }

  public Path pem(String name) throws IOException, GeneralSecurityException {
    return pem(name + ".crt", "CERTIFICATE", keys.getCertificate(name).getEncoded());
  }

  public Path keyPem(String name) throws IOException, GeneralSecurityException {
    return pem(
        name + ".key", "PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  Path der(String name) throws IOException, GeneralSecurityException {
    return Files.write(folder.resolve(name + ".der"), keys.getCertificate(name).getEncoded());
  }

  Path pkcs7(String name) throws IOException, GeneralSecurityException {
    return pem(name + ".p7b", "PKCS7", pkcs7Bytes(name));
  }

  Path pkcs7Der(String name) throws IOException, GeneralSecurityException {
    return Files.write(folder.resolve(name + ".p7s"), pkcs7Bytes(name));
  }

  private byte[] pkcs7Bytes(String name) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertPath(List.of(keys.getCertificate(name)))
        .getEncoded("PKCS7");
  }

  private Path pem(String file, String kind, byte[] content) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(content);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
