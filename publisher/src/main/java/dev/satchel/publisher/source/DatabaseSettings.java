package dev.satchel.publisher.source;

import dev.satchel.kv.EnvVariables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
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

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSettings.class);
  private static final int DEFAULT_PORT = 5432;
  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final String variable;
  private final String text;
  private final ConnectionParameters given;
  private final List<DatabaseHost> hosts;
  private final String user;
  private final String database;
  private final PasswordFile passwords;
  private final TlsSettings tls;
  private final TargetSession target;
  private final Duration connectTimeout;

  /**
   * Reads the settings from the environment; empty if it holds no connection string. What the
   * string leaves out may stand in libpq's own variables and files.
   *
   * @param problems gets a line for each problem, which does not show the connection string
   */
  public static Optional<DatabaseSettings> fromEnv(Map<String, String> env, List<String> problems) {
    try {
      return EnvVariables.secret(env, VARIABLE, problems)
          .map(text -> new DatabaseSettings(EnvVariables.origin(env, VARIABLE), text, env));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * Parses a connection string without a look at variables and files.
   *
   * @param variable where the string comes from, for messages
   * @throws IllegalArgumentException if it is malformed; the message is one line that names the
   *     variable and does not show the connection string
   */
  public static DatabaseSettings parse(String variable, String connectionString) {
    return new DatabaseSettings(variable, connectionString.strip(), Map.of());
  }

  private DatabaseSettings(String variable, String text, Map<String, String> env) {
    this.variable = variable;
    this.text = text;
    given = new ConnectionParameters(variable, text, env);
    refuseWhatTheDriverLacks();
    hosts = readHosts();
    user = readUser();
    String named = given.get("dbname");
    database = named.isEmpty() ? user : named; // as psql
    passwords = PasswordFile.read(given.file("passfile", ".pgpass"));
    target = readTarget();
    connectTimeout = connectTimeout(given);
    tls = TlsSettings.of(given);
  }

  private void refuseWhatTheDriverLacks() {
    given.oneOf("gssencmode", "prefer", "disable", "prefer", "require");
    given.refuse("gssencmode", "require", "use sslmode=verify-full");
    given.refuse("require_auth", "leave it out, and check the server with sslmode=verify-full");
    given.refuse("requirepeer", "leave it out");
    given.oneOf("replication", "false", "false", "off", "no", "0");
    given.oneOf("load_balance_hosts", "disable", "disable", "random");
    given.refuse(
        "load_balance_hosts",
        "random",
        "publishers take turns by a lock of the server, so all must find the same one first");
    given.refuse("max_protocol_version", "3.2", "leave it out");
    given.refuse("min_protocol_version", "3.2", "leave it out");
  }

  private List<DatabaseHost> readHosts() {
    String keyword = given.get("hostaddr").isEmpty() ? "host" : "hostaddr";
    String[] names = given.get(keyword).split(",", -1);
    String[] ports = given.get("port").split(",", -1);
    if (ports.length != 1 && ports.length != names.length) {
      throw given.wrong(
          "port",
          "has %d ports for %d hosts; expected one for each, or one for all"
              .formatted(ports.length, names.length));
    }
    if (keyword.equals("hostaddr") && given.get("sslmode").equals("verify-full")) {
      throw given.wrong(
          keyword, "has hostaddr and sslmode=verify-full, which checks a host's name; use host");
    }
    List<DatabaseHost> found = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String name = names[i].strip();
      if (name.isEmpty()) {
        throw given.wrong(
            keyword,
            "names no host; expected %s, or a socket's folder as in postgresql:///database?host=/folder"
                .formatted(ConnectionString.EXAMPLE));
      }
      found.add(new DatabaseHost(name, port(ports[ports.length == 1 ? 0 : i].strip())));
    }
    return found;
  }

  private int port(String digits) {
    if (digits.isEmpty()) {
      return DEFAULT_PORT;
    }
    int number = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
    if (number < 1 || number > 65_535) {
      // the digits may be part of a password with a colon or an @ in it, so they are not shown
      throw given.wrong(
          "port",
          "has a port that is not a number from 1 to 65535; expected " + ConnectionString.EXAMPLE);
    }
    return number;
  }

  private String readUser() {
    String named = given.get("user");
    if (!named.isEmpty()) {
      return named;
    }
    // over a socket the server asks the operating system who we are
    String ours = System.getProperty("user.name", "");
    if (ours.isEmpty() || !hosts.stream().allMatch(DatabaseHost::isSocket)) {
      throw given.wrong("user", "names no user; expected " + ConnectionString.EXAMPLE);
    }
    return ours;
  }

  private TargetSession readTarget() {
    TargetSession[] all = TargetSession.values();
    String[] known = Stream.of(all).map(TargetSession::spelling).toArray(String[]::new);
    String named = given.oneOf("target_session_attrs", TargetSession.ANY.spelling(), known);
    return all[Arrays.asList(known).indexOf(named)];
  }

  private static Duration connectTimeout(ConnectionParameters given) {
    String seconds = given.get("connect_timeout");
    if (!seconds.matches("|-?[0-9]{1,4}")) {
      throw given.wrong(
          "connect_timeout", "has a connect_timeout that is not a number of seconds up to 9999");
    }
    // for libpq, 0 means to wait for ever, which would stall every publication
    int number = seconds.isEmpty() ? 0 : Integer.parseInt(seconds);
    return number < 1 ? DEFAULT_CONNECT_TIMEOUT : Duration.ofSeconds(number);
  }

  /**
   * Opens one logged-in connection, which the caller closes, to the first host that can be used.
   * Fails with a {@link SourceException} that names what to fix.
   */
  public Future<PgConnection> connect(Vertx vertx) {
    return new HostSearch(vertx, this).connect();
  }

  /** Opens a connection to one host; fails with what the driver says. */
  Future<PgConnection> connect(Vertx vertx, DatabaseHost host) {
    try {
      Authorities authorities = tls.authorities();
      PgConnectOptions options = connectOptions(host, authorities);
      ClientSSLOptions ssl = options.getSslOptions();
      if (ssl != null && ssl.getKeyCertOptions() != null) {
        ssl.getKeyCertOptions().getKeyManagerFactory(vertx); // the driver does not report a failure
      }
      return PgConnection.connect(vertx, options)
          .recover(
              failure ->
                  Future.failedFuture(
                      authorities != null && authorities.refusal() != null
                          ? new SSLException(authorities.refusal())
                          : failure))
          .onSuccess(
              connection ->
                  // the caller learns of it anyway; without a handler it goes to stderr as well
                  connection.exceptionHandler(
                      failure -> LOG.debug("a session at {} ended", this, failure)));
    } catch (Exception e) { // a file of certificates that changed
      return Future.failedFuture(e);
    }
  }

  PgConnectOptions connectOptions(DatabaseHost host, @Nullable Authorities authorities) {
    var options =
        new PgConnectOptions()
            .setHost(host.name())
            .setPort(host.port())
            .setUser(user)
            .setPassword(password(host))
            .setDatabase(database)
            .setSslMode(tls.mode())
            .setCachePreparedStatements(false)
            .setProperties(properties());
    ClientSSLOptions ssl = tls.options(authorities);
    return ssl == null ? options : options.setSslOptions(ssl);
  }

  /**
   * Returns the parameters of the session's start. Pools refuse most, even the driver's own {@code
   * extra_float_digits}.
   */
  private Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put("client_encoding", "utf8");
    properties.put("DateStyle", "ISO");
    properties.put(
        "application_name",
        Stream.of("application_name", "fallback_application_name")
            .map(given::get)
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse("satchel"));
    String options = given.get("options");
    if (!options.isEmpty()) {
      properties.put("options", options);
    }
    return properties;
  }

  private String password(DatabaseHost host) {
    String named = given.get("password");
    return named.isEmpty() ? passwords.password(host, database, user) : named;
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

  List<DatabaseHost> hosts() {
    return hosts;
  }

  TlsSettings tls() {
    return tls;
  }

  TargetSession targetSession() {
    return target;
  }

  /** Returns how long connecting to one host and logging in may take. */
  Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns {@code user@host:port/database}, for logs and messages. */
  @Override
  public String toString() {
    return user + "@" + address() + "/" + database;
  }

  String address() {
    return hosts.stream().map(DatabaseHost::toString).collect(Collectors.joining(","));
  }
}
