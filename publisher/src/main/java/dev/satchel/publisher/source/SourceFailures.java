package dev.satchel.publisher.source;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Describes what went wrong with the database in one line that names what to fix. */
final class SourceFailures {
  // PgBouncer's words
  private static final Pattern UNSUPPORTED =
      Pattern.compile("unsupported startup parameter[^:]*: (?<name>[A-Za-z_.]{1,63})");

  private final DatabaseSettings settings;

  SourceFailures(DatabaseSettings settings) {
    this.settings = settings;
  }

  /** Explains why there is no connection. */
  SourceException connecting(Throwable failure, DatabaseHost host) {
    if (failure instanceof SourceException told) {
      return told;
    }
    if (failure instanceof PgException refusal) {
      return new SourceException(refusedLogin(refusal, host), failure);
    }
    return new SourceException(
        "cannot reach PostgreSQL at "
            + host
            + ": "
            + reason(failure, host)
            + "; check "
            + settings.variable(),
        failure);
  }

  /** Explains why none of the hosts can be used. */
  static SourceException all(List<SourceException> failures, DatabaseSettings settings) {
    SourceException last = failures.get(failures.size() - 1);
    if (settings.hosts().size() == 1) {
      return last;
    }
    String reasons =
        failures.stream()
            .map(failure -> String.valueOf(failure.getMessage()))
            .distinct()
            .collect(Collectors.joining("; "));
    return new SourceException(
        "none of the %d hosts can be used: %s".formatted(settings.hosts().size(), reasons), last);
  }

  private String refusedLogin(PgException refusal, DatabaseHost host) {
    Matcher unsupported = UNSUPPORTED.matcher(String.valueOf(refusal.getErrorMessage()));
    if (unsupported.find()) {
      return "the pool at %s refuses the parameter %s; add it to ignore_startup_parameters in pgbouncer.ini, or take it out of %s"
          .formatted(host, unsupported.group("name"), settings.variable());
    }
    String state = String.valueOf(refusal.getSqlState());
    String what =
        switch (state) {
          case "28P01", "28000" -> "refused the login, check the user and password in ";
          case "3D000" -> "has no such database, check the database name in ";
          case "53300" -> "has no free connection, check max_connections and ";
          default -> "refused the connection, check ";
        };
    return "PostgreSQL at " + host + " " + what + settings.variable() + ": " + told(refusal);
  }

  private String reason(Throwable failure, DatabaseHost host) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof UnknownHostException) {
        return "the host is unknown";
      }
      if (cause instanceof NoRouteToHostException) {
        return "there is no route to the host";
      }
      if (cause instanceof ConnectException) {
        return "connection refused, nothing listens there";
      }
      if (cause instanceof TimeoutException) {
        return "no answer for " + settings.connectTimeout().toSeconds() + " s";
      }
      // the driver reports some TLS failures as plain exceptions
      if (cause instanceof SSLException || named(cause).contains("SSL")) {
        return "TLS failed (" + TlsFailure.inWords(cause) + "), check sslmode and sslrootcert";
      }
    }
    if (host.isSocket()) {
      return named(root) + " (expected the folder of a server's socket as host)";
    }
    return wasClosed(failure) ? "the connection was closed during the login" : named(root);
  }

  /**
   * Explains what ended a read.
   *
   * @param query the SQL that we sent, or null if it did not contain the user's SQL
   * @param prefixLength characters of it before the user's own SQL
   */
  SourceException reading(Throwable failure, long users, @Nullable String query, int prefixLength) {
    if (failure instanceof SourceException told) {
      return told;
    }
    String after = after(users);
    if (failure instanceof PgException refusal) {
      return new SourceException(
          switch (String.valueOf(refusal.getSqlState())) {
            case "57P01", "57P02" ->
                "PostgreSQL at "
                    + settings.address()
                    + " ended the connection"
                    + after
                    + ": "
                    + told(refusal);
            case "57014" ->
                "PostgreSQL cancelled the query"
                    + after
                    + ": "
                    + told(refusal)
                    + "; make SATCHEL_QUERY faster or statement_timeout longer";
            case "42501" ->
                isFilter(refusal)
                    ? "row-level security hides users from "
                        + settings
                        + ": "
                        + told(refusal)
                        + "; ALTER ROLE … BYPASSRLS lets the role read all of them, and"
                        + " SATCHEL_ROW_SECURITY=filter publishes only those that the policies show"
                    : "the query of SATCHEL_QUERY is not permitted to "
                        + settings
                        + ": "
                        + told(refusal)
                        + "; GRANT SELECT on what it reads";
            default ->
                "the query of SATCHEL_QUERY failed"
                    + (users == 0 ? "" : after)
                    + ": "
                    + told(refusal)
                    + position(refusal, query, prefixLength);
          },
          failure);
    }
    if (wasClosed(failure)) {
      return broken(failure, users);
    }
    return new SourceException(
        "reading from PostgreSQL at "
            + settings.address()
            + " failed"
            + after
            + ": "
            + named(failure),
        failure);
  }

  /** Explains that the connection ended without a message from the server. */
  SourceException broken(Throwable failure, long users) {
    if (failure instanceof SourceException told) {
      return told;
    }
    return new SourceException(
        "the connection to PostgreSQL at " + settings.address() + " broke" + after(users), failure);
  }

  private static String after(long users) {
    return users == 0 ? " before the first user" : " after " + users + " users";
  }

  private static String position(PgException refusal, @Nullable String query, int prefixLength) {
    String digits = refusal.getPosition();
    if (digits == null || query == null) {
      return "";
    }
    int at = Integer.parseInt(digits) - prefixLength;
    return at < 1 ? "" : " at character " + at + " of the query";
  }

  private static String told(PgException refusal) {
    String detail = refusal.getDetail() == null ? "" : " (" + refusal.getDetail() + ")";
    String hint = refusal.getHint() == null ? "" : " (hint: " + refusal.getHint() + ")";
    return refusal.getErrorMessage() + detail + hint;
  }

  /** Returns whether row-level security is the reason; the message may be in any language. */
  private static boolean isFilter(PgException refusal) {
    return "check_enable_rls".equals(refusal.getRoutine());
  }

  private static boolean wasClosed(Throwable failure) {
    return failure instanceof IOException || failure instanceof ClosedConnectionException;
  }

  private static String named(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
