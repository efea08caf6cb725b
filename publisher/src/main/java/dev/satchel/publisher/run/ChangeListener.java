package dev.satchel.publisher.run;

import dev.satchel.publisher.lock.StoppedException;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.Pool;
import dev.satchel.publisher.text.FailureText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the notifications of one PostgreSQL channel and reconnects whenever the connection is
 * lost. Confined to one Vert.x context, except {@link #start} and {@link #close}.
 */
public final class ChangeListener {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeListener.class);

  private static final long SHORTEST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;

  // a connection that a router has dropped brings no notification, and no error either
  private static final long PROBE_MILLIS = 10_000;
  private static final long ANSWER_SECONDS = 5;

  private static final Pattern UNQUOTED = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*");

  private final Vertx vertx;
  private final Context context;
  private final DatabaseSettings database;
  private final String channel;
  private final Runnable changed;
  private @Nullable PgConnection session;
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;
  private volatile boolean isClosed;
  private boolean isLost;

  /**
   * Creates a listener that is not connected yet.
   *
   * @param changed runs for each notification and whenever one may have been missed: after each
   *     connection that was made
   */
  public ChangeListener(Vertx vertx, DatabaseSettings database, String channel, Runnable changed) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.database = database;
    this.channel = channel;
    this.changed = changed;
  }

  /** Connects, retrying until it succeeds. */
  public void start() {
    context.runOnContext(go -> connect());
  }

  /** Ends the connection. The future never fails. */
  public Future<Void> close() {
    isClosed = true;
    Future<Void> closed = Future.future(done -> context.runOnContext(go -> end().onComplete(done)));
    return closed.otherwiseEmpty();
  }

  private Future<Void> end() {
    PgConnection open = session;
    session = null;
    return open == null ? Future.succeededFuture() : open.close();
  }

  private void connect() {
    if (isClosed) {
      return;
    }
    database
        .connect(vertx)
        .compose(this::checked)
        .compose(this::listen)
        .onSuccess(
            open -> {
              if (isLost) {
                LOG.info("listening to channel {} again", channel);
              }
              isLost = false;
              pauseMillis = SHORTEST_PAUSE_MILLIS;
              probeLater(open);
              changed.run();
            })
        .onFailure(this::lost);
  }

  /** Refuses a session that others get as well: they would hear the channel, and we would not. */
  private Future<PgConnection> checked(PgConnection fresh) {
    return Pool.sharesSessions(vertx, database, fresh)
        .compose(
            isShared ->
                isShared
                    ? Future.failedFuture(
                        new IllegalStateException(
                            "the pool at %s shares sessions between clients (transaction mode), and LISTEN needs one of its own; connect to PostgreSQL directly or through a pool in session mode"
                                .formatted(database)))
                    : Future.succeededFuture(fresh))
        .onFailure(refused -> fresh.close());
  }

  private Future<PgConnection> listen(PgConnection fresh) {
    session = fresh;
    fresh.notificationHandler(heard -> changed.run());
    fresh.closeHandler(
        gone -> {
          if (session == fresh) {
            lost(new IllegalStateException("the database ended the connection"));
          }
        });
    if (isClosed) {
      return end().compose(done -> Future.failedFuture(new StoppedException()));
    }
    return fresh
        .query(channels().map(ChangeListener::listening).collect(Collectors.joining("; ")))
        .execute()
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .map(fresh);
  }

  /**
   * Returns the channel as it is written, and as PostgreSQL writes it when {@code NOTIFY} names it
   * without quotes.
   */
  private Stream<String> channels() {
    return UNQUOTED.matcher(channel).matches()
        ? Stream.of(channel, channel.toLowerCase(Locale.ROOT)).distinct()
        : Stream.of(channel);
  }

  private static String listening(String name) {
    return "LISTEN \"" + name.replace("\"", "\"\"") + "\"";
  }

  private void probeLater(PgConnection open) {
    vertx.setTimer(
        PROBE_MILLIS,
        due -> {
          if (session == open) {
            open.query("SELECT 1")
                .execute()
                .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .onSuccess(alive -> probeLater(open))
                .onFailure(
                    dead -> {
                      if (session == open) {
                        lost(dead);
                      }
                    });
          }
        });
  }

  private void lost(Throwable failure) {
    end();
    if (isClosed) {
      return;
    }
    if (!isLost) {
      // logged once for as long as it lasts
      LOG.warn("not listening to channel {}: {}", channel, FailureText.inWords(failure));
    }
    isLost = true;
    vertx.setTimer(pauseMillis, again -> connect());
    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
  }
}
