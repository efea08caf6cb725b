package dev.satchel.publisher.source;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a session is encrypted, and what the server and the client show each other.
 *
 * @param rootCertificates whose certificates the server's must be signed with; null for the JDK's
 * @param certificate that the client shows; null for none
 * @param key that belongs to it; null for none
 * @param revoked certificates; null for none
 */
record TlsSettings(
    SslMode mode,
    @Nullable Path rootCertificates,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path revoked,
    List<String> protocols) {

  private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

  static TlsSettings of(ConnectionParameters given) {
    refuseWhatTheDriverLacks(given);
    Path root = given.file("sslrootcert", ".postgresql/root.crt");
    boolean isSystem = given.get("sslrootcert").equals("system");
    Path certificate =
        given.oneOf("sslcertmode", "allow", "allow", "disable", "require").equals("disable")
            ? null
            : given.file("sslcert", ".postgresql/postgresql.crt");
    Path key = certificate == null ? null : given.file("sslkey", ".postgresql/postgresql.key");
    var settings =
        new TlsSettings(
            mode(given, isSystem),
            isSystem ? null : root,
            certificate,
            key,
            given.file("sslcrl", ".postgresql/root.crl"),
            protocols(given));
    settings.check(given);
    return settings;
  }

  private static void refuseWhatTheDriverLacks(ConnectionParameters given) {
    given.refuse("sslnegotiation", "direct", "leave it out");
    given.refuse("sslsni", "0", "leave it out");
    given.refuse("sslcertmode", "require", "leave it out");
    given.refuse("sslcrldir", "name one file with sslcrl");
    given.refuse("sslpassword", "decrypt the key with openssl pkey and name that with sslkey");
  }

  private static SslMode mode(ConnectionParameters given, boolean isSystem) {
    SslMode mode;
    try {
      String name = given.get("sslmode");
      // as psql does with the same string
      mode = name.isEmpty() ? isSystem ? SslMode.VERIFY_FULL : SslMode.PREFER : SslMode.of(name);
    } catch (IllegalArgumentException e) {
      throw given.wrong(
          "sslmode",
          "has an unknown sslmode; expected disable, allow, prefer, require, verify-ca or"
              + " verify-full");
    }
    if (isSystem && mode != SslMode.VERIFY_FULL) {
      throw given.wrong(
          "sslmode", "has a weak sslmode for sslrootcert=system; expected verify-full");
    }
    if (!given
        .oneOf("channel_binding", "prefer", "disable", "prefer", "require")
        .equals("require")) {
      return mode;
    }
    // The driver binds the login to the certificate when the server offers that, but it cannot
    // insist. Nobody in the middle has a certificate that verify-full takes, either.
    if (mode == SslMode.DISABLE) {
      throw given.wrong(
          "channel_binding",
          "asks for channel_binding=require, which needs TLS, and for sslmode=disable; leave out one of them");
    }
    return SslMode.VERIFY_FULL;
  }

  private static List<String> protocols(ConnectionParameters given) {
    int from = protocol(given, "ssl_min_protocol_version", 0);
    int to = protocol(given, "ssl_max_protocol_version", PROTOCOLS.size() - 1);
    if (from > to) {
      throw given.wrong(
          "ssl_min_protocol_version",
          "has an ssl_min_protocol_version above its ssl_max_protocol_version");
    }
    return PROTOCOLS.subList(from, to + 1);
  }

  private static int protocol(ConnectionParameters given, String keyword, int otherwise) {
    String version = given.get(keyword);
    if (version.isEmpty()) {
      return otherwise;
    }
    if (keyword.contains("min") && List.of("TLSv1", "TLSv1.1").contains(version)) {
      return 0;
    }
    int at = PROTOCOLS.indexOf(version);
    if (at < 0) {
      throw given.wrong(
          keyword, "has an unknown " + keyword + "; expected " + String.join(" or ", PROTOCOLS));
    }
    return at;
  }

  private void check(ConnectionParameters given) {
    if (mode == SslMode.DISABLE) {
      return;
    }
    if (rootCertificates != null) {
      PemFile.certificates(
          rootCertificates, what -> given.wrong("sslrootcert", what), "sslrootcert");
    }
    if (certificate != null) {
      PemFile.certificates(certificate, what -> given.wrong("sslcert", what), "sslcert");
      if (key == null) {
        throw given.wrong("sslcert", "names sslcert but no sslkey; expected both");
      }
      PemFile.checkKey(key, what -> given.wrong("sslkey", what));
      checkIsPrivate(key, given);
    }
    if (revoked != null && !Files.isReadable(revoked)) {
      throw given.wrong(
          "sslcrl",
          "names sslcrl="
              + ConnectionParameters.quoted(revoked.toString())
              + ", which is not a readable file");
    }
  }

  /** Refuses a key that others may read; root's may be read by a group, as with libpq. */
  private static void checkIsPrivate(Path key, ConnectionParameters given) {
    try {
      boolean isRoots = Files.getAttribute(key, "unix:uid").equals(0);
      int mode = (Integer) Files.getAttribute(key, "unix:mode", new LinkOption[0]);
      if ((mode & (isRoots ? 0037 : 0077)) != 0) {
        throw given.wrong(
            "sslkey",
            "names sslkey=%s, to which others have access; chmod 0600 it"
                .formatted(ConnectionParameters.quoted(key.toString())));
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw given.wrong("sslkey", "names a key whose permissions cannot be read (" + e + ")");
    }
  }

  /**
   * Returns who must have signed the server's certificate, or null if any server will do. Reads the
   * file, which may have changed.
   *
   * @throws SourceException if it cannot be used any more
   */
  @Nullable Authorities authorities() {
    if (mode != SslMode.DISABLE && rootCertificates != null) {
      return Authorities.of(
          PemFile.certificates(rootCertificates, SourceException::new, "sslrootcert"));
    }
    return mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL ? Authorities.ofTheJdk() : null;
  }

  /** Returns what the driver takes, or null without TLS. */
  @Nullable ClientSSLOptions options(@Nullable Authorities authorities) {
    if (mode == SslMode.DISABLE) {
      return null;
    }
    var options = new ClientSSLOptions();
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(protocols));
    if (authorities == null) {
      options.setTrustAll(true);
    } else {
      options.setTrustOptions(TrustOptions.wrap(authorities));
    }
    if (certificate != null && key != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString()));
    }
    if (revoked != null) {
      options.addCrlPath(revoked.toString());
    }
    options.setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    return options;
  }
}
