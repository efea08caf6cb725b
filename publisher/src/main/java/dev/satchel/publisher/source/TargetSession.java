package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;

/** Which of several servers is wanted: libpq's {@code target_session_attrs}. */
enum TargetSession {
  ANY("any", "a server"),
  READ_WRITE("read-write", "a server that takes writes"),
  READ_ONLY("read-only", "a server that is read-only"),
  PRIMARY("primary", "a primary"),
  STANDBY("standby", "a standby"),
  PREFER_STANDBY("prefer-standby", "a standby");

  private static final String ASK =
      "SELECT pg_catalog.pg_is_in_recovery() AS is_standby,"
          + " pg_catalog.current_setting('transaction_read_only') = 'on' AS is_read_only";

  private final String spelling;
  private final String wanted;

  TargetSession(String spelling, String wanted) {
    this.spelling = spelling;
    this.wanted = wanted;
  }

  String spelling() {
    return spelling;
  }

  /** Returns what is wanted, for messages. */
  String wanted() {
    return wanted;
  }

  /** Returns whether the session is of the kind wanted. */
  Future<Boolean> fits(PgConnection connection) {
    return this == ANY
        ? Future.succeededFuture(true)
        : connection.query(ASK).execute().map(rows -> fits(rows.iterator().next()));
  }

  private boolean fits(Row row) {
    boolean isStandby = row.getBoolean("is_standby");
    boolean isReadOnly = row.getBoolean("is_read_only");
    return switch (this) {
      case ANY -> true;
      case READ_WRITE -> !isStandby && !isReadOnly;
      case READ_ONLY -> isStandby || isReadOnly;
      case PRIMARY -> !isStandby;
      case STANDBY, PREFER_STANDBY -> isStandby;
    };
  }
}
