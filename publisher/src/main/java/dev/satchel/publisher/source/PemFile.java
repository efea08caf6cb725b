package dev.satchel.publisher.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Checks that files hold what the driver can read, and names what they hold instead. */
final class PemFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int DER_SEQUENCE = 0x30;
  private static final Pattern KEY = Pattern.compile("-----BEGIN (RSA |EC )?PRIVATE KEY-----");

  private PemFile() {}

  /**
   * Returns the certificates that the file holds as PEM.
   *
   * @param wrong makes the exception for a file that holds something else; its text follows the
   *     name of what names the file
   * @param keyword that names the file
   */
  static <E extends RuntimeException> Collection<? extends Certificate> certificates(
      Path file, Function<String, E> wrong, String keyword) {
    byte[] bytes = bytes(file, wrong, keyword);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!text.contains("-----BEGIN CERTIFICATE-----")) {
      throw refused(
          file,
          wrong,
          keyword,
          insteadOfCertificates(bytes, text),
          "certificates as PEM, which begin with -----BEGIN CERTIFICATE-----");
    }
    try (InputStream in = new ByteArrayInputStream(bytes)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (CertificateException | IOException e) {
      throw refused(file, wrong, keyword, "a broken certificate", "certificates as PEM");
    }
  }

  private static String insteadOfCertificates(byte[] bytes, String text) {
    if (text.isBlank()) {
      return "nothing";
    }
    if (text.contains("PRIVATE KEY-----")) {
      return "a private key";
    }
    if (text.contains("-----BEGIN PKCS7-----")) {
      return "PKCS#7 (openssl pkcs7 -print_certs converts it)";
    }
    if (bytes[0] != DER_SEQUENCE) {
      return "no certificate";
    }
    try {
      CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
      return "a certificate as DER (openssl x509 -inform der converts it)";
    } catch (CertificateException e) {
      return "PKCS#7, PKCS#12 or a key as DER (openssl converts them)";
    }
  }

  /** Refuses a file that does not hold a private key as PEM without a password. */
  static <E extends RuntimeException> void checkKey(Path file, Function<String, E> wrong) {
    byte[] bytes = bytes(file, wrong, "sslkey");
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.contains("ENCRYPTED")) {
      throw refused(
          file, wrong, "sslkey", "an encrypted key", "one that openssl pkey has decrypted");
    }
    if (!KEY.matcher(text).find()) {
      String found = text.isBlank() ? "nothing" : "no private key as PEM";
      throw refused(
          file, wrong, "sslkey", found, "one that begins with -----BEGIN PRIVATE KEY-----");
    }
  }

  private static <E extends RuntimeException> byte[] bytes(
      Path file, Function<String, E> wrong, String keyword) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      throw wrong.apply("names " + keyword + "=" + shown(file) + ", which is not a readable file");
    }
  }

  private static <E extends RuntimeException> E refused(
      Path file, Function<String, E> wrong, String keyword, String found, String expected) {
    return wrong.apply(
        "names %s=%s, which holds %s; expected %s"
            .formatted(keyword, shown(file), found, expected));
  }

  private static String shown(Path file) {
    return ConnectionParameters.quoted(file.toString());
  }
}
