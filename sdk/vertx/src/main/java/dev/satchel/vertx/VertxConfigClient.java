package dev.satchel.vertx;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.ConfigView;
import dev.satchel.sdk.Lookups;
import dev.satchel.sdk.source.SnapshotSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A {@link ConfigClient} for Vert.x code: nothing here blocks, and each Future completes on the
 * context of its caller. Lookups answer from memory and may be made on an event loop.
 *
 * <p>The client runs on a thread of its own and belongs to no context: when the verticle that
 * opened it is undeployed, it goes on until it is closed. Safe for any thread.
 */
public final class VertxConfigClient implements Lookups {
  private final Vertx vertx;
  private final ConfigClient client;

  private VertxConfigClient(Vertx vertx, ConfigClient client) {
    this.vertx = vertx;
    this.client = client;
  }

  /**
   * Opens a client of the source that the environment describes, as {@link ConfigClient#open(Map)}
   * does. Reads, on the caller's thread, the files that variables ending in {@code _FILE} name.
   *
   * @throws IllegalArgumentException if variables are missing or malformed; the message names them
   */
  public static Future<VertxConfigClient> open(Vertx vertx, Map<String, String> env) {
    return opened(vertx, ConfigClient.open(env));
  }

  /**
   * Opens a client of this source, as {@link ConfigClient#open(SnapshotSource,
   * ConfigClientOptions)} does.
   */
  public static Future<VertxConfigClient> open(
      Vertx vertx, SnapshotSource source, ConfigClientOptions options) {
    return opened(vertx, ConfigClient.open(source, options));
  }

  private static Future<VertxConfigClient> opened(
      Vertx vertx, CompletionStage<ConfigClient> opening) {
    return on(vertx, opening).map(client -> new VertxConfigClient(vertx, client));
  }

  private static <T> Future<T> on(Vertx vertx, CompletionStage<T> stage) {
    Context context = vertx.getOrCreateContext();
    // starts Vert.x's thread: the client's threads are daemons and would not keep the process alive
    context.runOnContext(go -> {});
    return Future.fromCompletionStage(stage, context);
  }

  /** Returns the client itself, for its field handles, listeners and status. */
  public ConfigClient client() {
    return client;
  }

  @Override
  public ConfigView view() {
    return client.view();
  }

  /** Returns what the client serves now, and how far to trust it. */
  public ClientStatus status() {
    return client.status();
  }

  /** Does the same as {@link ConfigClient#refreshNow}. */
  public Future<ClientStatus> refreshNow() {
    return on(vertx, client.refreshNow());
  }

  /** Does the same as {@link ConfigClient#closeAsync}. Leaves the Vert.x instance open. */
  public Future<Void> close() {
    return on(vertx, client.closeAsync());
  }
}
