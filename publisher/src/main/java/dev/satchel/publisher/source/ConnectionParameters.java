package dev.satchel.publisher.source;

import dev.satchel.kv.EnvVariables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * libpq's keywords with their values, from a connection string, from the service that it names, or
 * from libpq's variables, in this order.
 *
 * <p>See postgresql.org/docs/current/libpq-connect.html and libpq-envars.html.
 */
final class ConnectionParameters {
  /** The keywords, each with the variable that gives its default, if there is one. */
  private static final Map<String, String> KEYWORDS =
      Map.ofEntries(
          Map.entry("host", "PGHOST"),
          Map.entry("hostaddr", "PGHOSTADDR"),
          Map.entry("port", "PGPORT"),
          Map.entry("dbname", "PGDATABASE"),
          Map.entry("user", "PGUSER"),
          Map.entry("password", "PGPASSWORD"),
          Map.entry("passfile", "PGPASSFILE"),
          Map.entry("require_auth", "PGREQUIREAUTH"),
          Map.entry("channel_binding", "PGCHANNELBINDING"),
          Map.entry("connect_timeout", "PGCONNECT_TIMEOUT"),
          Map.entry("client_encoding", "PGCLIENTENCODING"),
          Map.entry("options", "PGOPTIONS"),
          Map.entry("application_name", "PGAPPNAME"),
          Map.entry("fallback_application_name", ""),
          Map.entry("keepalives", ""),
          Map.entry("keepalives_idle", ""),
          Map.entry("keepalives_interval", ""),
          Map.entry("keepalives_count", ""),
          Map.entry("tcp_user_timeout", ""),
          Map.entry("replication", ""),
          Map.entry("gssencmode", "PGGSSENCMODE"),
          Map.entry("krbsrvname", "PGKRBSRVNAME"),
          Map.entry("gsslib", "PGGSSLIB"),
          Map.entry("gssdelegation", "PGGSSDELEGATION"),
          Map.entry("sslmode", "PGSSLMODE"),
          Map.entry("sslnegotiation", "PGSSLNEGOTIATION"),
          Map.entry("sslcompression", "PGSSLCOMPRESSION"),
          Map.entry("sslcert", "PGSSLCERT"),
          Map.entry("sslkey", "PGSSLKEY"),
          Map.entry("sslpassword", ""),
          Map.entry("sslcertmode", "PGSSLCERTMODE"),
          Map.entry("sslrootcert", "PGSSLROOTCERT"),
          Map.entry("sslcrl", "PGSSLCRL"),
          Map.entry("sslcrldir", "PGSSLCRLDIR"),
          Map.entry("sslsni", "PGSSLSNI"),
          Map.entry("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
          Map.entry("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
          Map.entry("min_protocol_version", "PGMINPROTOCOLVERSION"),
          Map.entry("max_protocol_version", "PGMAXPROTOCOLVERSION"),
          Map.entry("requirepeer", "PGREQUIREPEER"),
          Map.entry("target_session_attrs", "PGTARGETSESSIONATTRS"),
          Map.entry("load_balance_hosts", "PGLOADBALANCEHOSTS"),
          Map.entry("service", "PGSERVICE"),
          Map.entry("servicefile", "PGSERVICEFILE"));

  /** A value and what it comes from, for messages. */
  private record Origin(String name, String value) {}

  private final Map<String, Origin> values = new HashMap<>();
  private final String variable;
  private final Map<String, String> env;

  /**
   * @param variable where the string comes from, for messages
   * @param env libpq's own variables, and {@code HOME}
   * @throws IllegalArgumentException if something is malformed; the message is one line that names
   *     where it stands
   */
  ConnectionParameters(String variable, String text, Map<String, String> env) {
    this.variable = variable;
    this.env = env;
    addAll(variable, ConnectionString.parse(variable, text));
    String service = orDefault("service");
    if (!service.isEmpty()) {
      addService(service);
    }
    KEYWORDS.forEach(
        (keyword, named) -> {
          if (EnvVariables.isSet(env, named)) {
            values.putIfAbsent(keyword, new Origin(named, EnvVariables.get(env, named, "")));
          }
        });
  }

  private void addAll(String origin, Map<String, String> found) {
    found.forEach(
        (keyword, value) -> {
          if (!KEYWORDS.containsKey(keyword)) {
            throw new IllegalArgumentException(
                origin
                    + " has an unknown parameter "
                    + (keyword.matches("[A-Za-z_][A-Za-z0-9_.-]{0,63}") ? keyword : "name")
                    + "; known are those of libpq, such as sslmode, sslrootcert, options and"
                    + " target_session_attrs");
          }
          values.putIfAbsent(keyword, new Origin(origin, value));
        });
  }

  private String orDefault(String keyword) {
    Origin given = values.get(keyword);
    return given == null
        ? EnvVariables.get(env, KEYWORDS.getOrDefault(keyword, ""), "")
        : given.value();
  }

  private void addService(String service) {
    String folder = EnvVariables.get(env, "PGSYSCONFDIR", "/etc/postgresql-common");
    String given = orDefault("servicefile");
    @Nullable Path own = given.isEmpty() ? home(".pg_service.conf") : Path.of(given);
    for (Path file :
        own == null
            ? List.of(Path.of(folder, "pg_service.conf"))
            : List.of(own, Path.of(folder, "pg_service.conf"))) {
      Map<String, String> found = serviceIn(file, service);
      if (!found.isEmpty()) {
        addAll("service " + quoted(service) + " of " + quoted(file.toString()), found);
        return;
      }
    }
    throw wrong("service", "names service " + quoted(service) + ", which no service file defines");
  }

  private Map<String, String> serviceIn(Path file, String service) {
    Map<String, String> found = new HashMap<>();
    if (!Files.exists(file)) {
      return found;
    }
    boolean isOurs = false;
    try {
      for (String raw : Files.readAllLines(file)) {
        String line = raw.strip();
        int equals = line.indexOf('=');
        if (line.startsWith("[")) {
          isOurs = line.equals("[" + service + "]");
        } else if (isOurs && !line.startsWith("#") && equals > 0) {
          found.putIfAbsent(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
      }
    } catch (IOException e) {
      throw wrong(
          "service",
          "names a service, but the service file %s cannot be read (%s)"
              .formatted(quoted(file.toString()), e.getClass().getSimpleName()));
    }
    return found;
  }

  /** Returns the value of a keyword, or "" if it has none. */
  String get(String keyword) {
    Origin origin = values.get(keyword);
    return origin == null ? "" : origin.value();
  }

  /** Returns the path that is the keyword's value, or the one in the home folder if that exists. */
  @Nullable Path file(String keyword, String inHome) {
    String given = get(keyword);
    if (!given.isEmpty()) {
      try {
        return Path.of(given);
      } catch (InvalidPathException e) {
        throw wrong(keyword, "names " + keyword + "=" + quoted(given) + ", which is no path");
      }
    }
    Path usual = home(inHome);
    return usual != null && Files.exists(usual) ? usual : null;
  }

  private @Nullable Path home(String name) {
    String home = env.getOrDefault("HOME", "");
    return home.isEmpty() ? null : Path.of(home, name);
  }

  /**
   * Returns the exception for a wrong value.
   *
   * @param what follows the name of what the value comes from
   */
  IllegalArgumentException wrong(String keyword, String what) {
    Origin origin = values.get(keyword);
    return new IllegalArgumentException((origin == null ? variable : origin.name()) + " " + what);
  }

  /** Returns the value, which must be one of these or missing. */
  String oneOf(String keyword, String otherwise, String... known) {
    String value = get(keyword);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (!List.of(known).contains(value)) {
      throw wrong(keyword, "has an unknown " + keyword + "; expected " + String.join(", ", known));
    }
    return value;
  }

  /** Refuses a value that asks for what Satchel does not have. */
  void refuse(String keyword, String value, String instead) {
    if (get(keyword).equals(value)) {
      throw unsupported(keyword, "=" + value, instead);
    }
  }

  /** Refuses a keyword that asks for what Satchel does not have. */
  void refuse(String keyword, String instead) {
    if (!get(keyword).isEmpty()) {
      throw unsupported(keyword, "", instead);
    }
  }

  private IllegalArgumentException unsupported(String keyword, String value, String instead) {
    return wrong(
        keyword, "asks for " + keyword + value + ", which Satchel does not support; " + instead);
  }

  /** Returns a value fit for a message: one line. */
  static String quoted(String value) {
    return value.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", " ");
  }
}
