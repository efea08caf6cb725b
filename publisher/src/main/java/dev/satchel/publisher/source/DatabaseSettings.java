package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the database is and how to log in. Immutable. Only {@link #connectionString()} shows the
 * password.
 */
public final class DatabaseSettings {
  /** The variable that holds a connection string. */
  public static final String VARIABLE = "DATABASE_CONNECTION_STRING";

  /** The variable that names a file whose only line is a connection string. */
  public static final String FILE_VARIABLE = VARIABLE + "_FILE";

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSettings.class);
  private static final String EXAMPLE = "postgresql://user:password@host:5432/database";
  private static final int DEFAULT_PORT = 5432;

  // the last @ ends the user and password: people forget to encode one in a password
  private static final Pattern SHAPE =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:/?]*)(?::(?<password>[^/?]*))?@)?"
              + "(?<host>\\[[^\\]/?]+]|[^:/?@,]*)(?::(?<port>[^/?@,]*))?"
              + "(?:/(?<database>[^?/]*))?(?:\\?(?<parameters>.*))?");

  private final String variable;
  private final String text;
  private final String user;
  private final String password;
  private final String host;
  private final int port;
  private final String database;
  private SslMode sslMode = SslMode.PREFER; // what psql does with the same string
  private @Nullable Path rootCertificate;
  private String applicationName = "satchel";
  private Duration connectTimeout = Duration.ofSeconds(10);

  /**
   * Reads the settings from the environment; empty if it sets neither variable.
   *
   * @throws IllegalArgumentException if it is malformed, or both are set; the message is one line
   *     that names the variable and does not show the connection string
   */
  public static Optional<DatabaseSettings> fromEnvironment(Map<String, String> environment) {
    String text = environment.getOrDefault(VARIABLE, "");
    String file = environment.getOrDefault(FILE_VARIABLE, "");
    if (!text.isBlank() && !file.isBlank()) {
      throw new IllegalArgumentException(
          "expected only one of " + VARIABLE + " and " + FILE_VARIABLE + " but both are set");
    }
    if (!file.isBlank()) {
      return Optional.of(parse(FILE_VARIABLE, contentOf(file)));
    }
    return text.isBlank() ? Optional.empty() : Optional.of(parse(VARIABLE, text));
  }

  /**
   * Parses a connection string.
   *
   * @param variable where the string comes from, for messages
   * @throws IllegalArgumentException if it is malformed; see {@link #fromEnvironment}
   */
  public static DatabaseSettings parse(String variable, String connectionString) {
    return new DatabaseSettings(variable, connectionString.strip());
  }

  private DatabaseSettings(String variable, String text) {
    this.variable = variable;
    this.text = text;
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw wrong("is not of the form " + EXAMPLE + " (encode special characters as %XX)");
    }
    user = decoded(shape.group("user"), "user");
    password = decoded(shape.group("password"), "password");
    String rawHost = decoded(shape.group("host"), "host");
    boolean isBracketed = rawHost.length() > 2 && rawHost.startsWith("[") && rawHost.endsWith("]");
    if (rawHost.startsWith("[") && !isBracketed) {
      throw wrong("begins its host with [ but does not end it with ]; expected " + EXAMPLE);
    }
    host = isBracketed ? rawHost.substring(1, rawHost.length() - 1) : rawHost;
    port = port(shape.group("port"));
    String rawDatabase = decoded(shape.group("database"), "database");
    if (user.isEmpty()) {
      throw wrong("names no user; expected " + EXAMPLE);
    }
    if (host.isEmpty() || host.startsWith("/")) {
      throw wrong("names no host; expected " + EXAMPLE);
    }
    database = rawDatabase.isEmpty() ? user : rawDatabase; // as psql
    String parameters = shape.group("parameters");
    for (String parameter : (parameters == null ? "" : parameters).split("&", -1)) {
      if (!parameter.isEmpty()) {
        int equals = parameter.indexOf('=');
        parameter(
            decoded(equals < 0 ? parameter : parameter.substring(0, equals), "parameters"),
            decoded(equals < 0 ? "" : parameter.substring(equals + 1), "parameters"));
      }
    }
  }

  private void parameter(String name, String value) {
    switch (name) {
      case "sslmode" -> {
        try {
          sslMode = SslMode.of(value);
        } catch (IllegalArgumentException e) {
          throw wrong(
              "has an unknown sslmode; expected disable, allow, prefer, require,"
                  + " verify-ca or verify-full");
        }
      }
      case "sslrootcert" -> {
        // "system" asks psql for the system's certificates, which is our default for verify-*
        if (!value.equals("system")) {
          rootCertificate = Path.of(value);
          if (!Files.isReadable(rootCertificate)) {
            String shown = value.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", " ");
            throw wrong("names sslrootcert=" + shown + ", which is not a readable file");
          }
        }
      }
      case "application_name" -> applicationName = value;
      case "connect_timeout" -> {
        if (!value.matches("[1-9][0-9]{0,3}")) {
          throw wrong("has a connect_timeout that is not a number of seconds from 1 to 9999");
        }
        connectTimeout = Duration.ofSeconds(Integer.parseInt(value));
      }
      case "channel_binding" -> {
        if (value.equals("require")) {
          throw wrong("asks for channel_binding=require, which is not supported; use prefer");
        }
      }
      default ->
          throw wrong(
              "has an unknown parameter "
                  + (name.matches("[A-Za-z_][A-Za-z0-9_.-]{0,63}") ? name : "name")
                  + "; known are sslmode, sslrootcert, connect_timeout, application_name and"
                  + " channel_binding");
    }
  }

  private int port(@Nullable String digits) {
    if (digits == null || digits.isEmpty()) {
      return DEFAULT_PORT;
    }
    int number = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
    if (number < 1 || number > 65_535) {
      // the digits may be part of a password with a colon or an @ in it, so they are not shown
      throw wrong("has a port that is not a number from 1 to 65535; expected " + EXAMPLE);
    }
    return number;
  }

  private String decoded(@Nullable String part, String what) {
    if (part == null) {
      return "";
    }
    String decoded;
    try {
      decoded = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(
          "has a % in its " + what + " that is not followed by two hex digits; write it as %25");
    }
    if (decoded.indexOf('\0') >= 0) {
      // it ends a text in PostgreSQL's protocol, and what follows would be another parameter
      throw wrong("has a null character in its " + what);
    }
    return decoded;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(variable + " " + what);
  }

  private static String contentOf(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | IllegalArgumentException e) {
      // without the path: someone may have put the secret itself where the file name belongs
      throw new IllegalArgumentException(
          FILE_VARIABLE
              + " names a file that cannot be read ("
              + e.getClass().getSimpleName()
              + "); expected a file whose only line is like "
              + EXAMPLE);
    }
  }

  /**
   * Opens one logged-in connection, which the caller closes. Fails with a {@link SourceException}
   * that names what to fix.
   */
  public Future<PgConnection> connect(Vertx vertx) {
    return Deadline.within(vertx, connectTimeout, connecting(vertx), PgConnection::close)
        .recover(failure -> Future.failedFuture(new SourceFailures(this).connecting(failure)));
  }

  private Future<PgConnection> connecting(Vertx vertx) {
    try {
      return PgConnection.connect(vertx, connectOptions())
          .onSuccess(
              connection ->
                  // the caller learns of it anyway; without a handler it goes to stderr as well
                  connection.exceptionHandler(
                      failure -> LOG.debug("a session at {} ended", this, failure)));
    } catch (RuntimeException e) { // a certificate file that holds no certificate
      return Future.failedFuture(e);
    }
  }

  PgConnectOptions connectOptions() {
    var options =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setUser(user)
            .setPassword(password)
            .setDatabase(database)
            .setSslMode(sslMode)
            .setCachePreparedStatements(false)
            .addProperty("application_name", applicationName);
    if (sslMode == SslMode.DISABLE) {
      return options;
    }
    var ssl = new ClientSSLOptions();
    boolean verified = sslMode == SslMode.VERIFY_CA || sslMode == SslMode.VERIFY_FULL;
    if (rootCertificate != null) {
      ssl.setTrustOptions(new PemTrustOptions().addCertPath(rootCertificate.toString()));
    } else if (verified) {
      ssl.setTrustOptions(TrustOptions.wrap(authoritiesOfTheJdk()));
    } else {
      ssl.setTrustAll(true);
    }
    ssl.setHostnameVerificationAlgorithm(sslMode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    return options.setSslOptions(ssl);
  }

  private static X509TrustManager authoritiesOfTheJdk() {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's own certificates cannot be read", e);
    }
  }

  /**
   * Returns the connection string as given, including the password: for the owner's eyes, never for
   * a log.
   */
  public String connectionString() {
    return text;
  }

  /** Returns the name of the variable that the settings come from, for messages. */
  public String variable() {
    return variable;
  }

  /** Returns how long connecting and logging in may take. */
  Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns {@code user@host:port/database}, for logs and messages. */
  @Override
  public String toString() {
    return user + "@" + address() + "/" + database;
  }

  String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
