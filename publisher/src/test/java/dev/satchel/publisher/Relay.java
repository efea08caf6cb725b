package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** A network between a client and a database, which breaks in the middle of an answer. */
final class Relay implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  /** What a connection does when the database has sent too much on it. */
  enum Break {
    CUT,
    SILENCE
  }

  private final NetClient client = SharedDatabase.vertx().createNetClient();
  private final NetServer server;
  private final URI database;
  private volatile long breaksAfterBytes = NEVER;
  private volatile Break how = Break.CUT;

  Relay(DatabaseSettings settings) {
    database = URI.create(settings.connectionString());
    server =
        await(
            SharedDatabase.vertx()
                .createNetServer()
                .connectHandler(this::connected)
                .listen(0, "127.0.0.1"));
  }

  /** How to connect through this. */
  String connectionString() {
    return database
        .toString()
        .replaceFirst(":" + database.getPort() + "/", ":" + server.actualPort() + "/");
  }

  void breaksAfter(long bytes, Break how) {
    this.how = how;
    breaksAfterBytes = bytes;
  }

  void heal() {
    breaksAfterBytes = NEVER;
  }

  private void connected(NetSocket near) {
    near.pause();
    client
        .connect(database.getPort(), database.getHost())
        .onFailure(failure -> near.close())
        .onSuccess(
            far -> {
              var sent = new AtomicLong();
              near.handler(far::write);
              far.handler(
                  bytes -> {
                    if (sent.addAndGet(bytes.length()) <= breaksAfterBytes) {
                      near.write(bytes);
                    } else if (how == Break.CUT) {
                      near.close();
                    }
                  });
              near.closeHandler(closed -> far.close());
              far.closeHandler(closed -> near.close());
              near.resume();
            });
  }

  @Override
  public void close() {
    await(server.close());
    await(client.close());
  }
}
