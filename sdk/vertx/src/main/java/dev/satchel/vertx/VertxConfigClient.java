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
 * <p>The client runs on a thread of its own and belongs to nobody's context: it lives on when the
 * verticle that opened it is undeployed, until it is closed. Safe for any thread.
 */
public final class VertxConfigClient implements Lookups {
  private final Vertx vertx;
  private final ConfigClient client;

  private VertxConfigClient(Vertx vertx, ConfigClient client) {
    this.vertx = vertx;
    this.client = client;
  }

  /**
   * Opens what the environment describes, as {@link ConfigClient#open(Map)} does. Reads the files
   * that variables ending in {@code _FILE} name on the caller's thread.
   *
   * @throws IllegalArgumentException that names the variables, if any are missing or malformed
   */
  public static Future<VertxConfigClient> open(Vertx vertx, Map<String, String> env) {
    return opened(vertx, ConfigClient.open(env));
  }

  /** Opens this source, as {@link ConfigClient#open(SnapshotSource, ConfigClientOptions)} does. */
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
    // starts its thread: the client's are daemons, and alone would not keep the process from ending
    context.runOnContext(go -> {});
    return Future.fromCompletionStage(stage, context);
  }

  /** The client itself: its field handles, listeners and status. */
  public ConfigClient client() {
    return client;
  }

  @Override
  public ConfigView view() {
    return client.view();
  }

  /** What is served now, and how far it can be trusted. */
  public ClientStatus status() {
    return client.status();
  }

  /** As {@link ConfigClient#refreshNow}. */
  public Future<ClientStatus> refreshNow() {
    return on(vertx, client.refreshNow());
  }

  /** As {@link ConfigClient#closeAsync}. Leaves the Vert.x instance open. */
  public Future<Void> close() {
    return on(vertx, client.closeAsync());
  }
}
