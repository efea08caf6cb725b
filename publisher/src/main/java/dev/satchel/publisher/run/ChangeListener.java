package dev.satchel.publisher.run;

import dev.satchel.publisher.lock.StoppedException;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.text.Failures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;
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
        .query("LISTEN \"" + channel.replace("\"", "\"\"") + "\"")
        .execute()
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .map(fresh);
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
      LOG.warn("not listening to channel {}: {}", channel, Failures.inWords(failure));
    }
    isLost = true;
    vertx.setTimer(pauseMillis, again -> connect());
    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
  }
}
