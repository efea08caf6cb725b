package dev.satchel.demo;

import dev.satchel.http.NetworkOptions;
import dev.satchel.kv.CloudflareKvReader;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.vertx.VertxConfigClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the demo from the environment, and ends it on SIGTERM or Ctrl-C. */
public final class DemoApp {
  private static final Logger LOG = LoggerFactory.getLogger(DemoApp.class);
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;
  private static final long CLOSE_SECONDS = 5;

  private final Vertx vertx;
  private final VertxConfigClient client;
  private final DemoServer server;

  private DemoApp(Vertx vertx, VertxConfigClient client, DemoServer server) {
    this.vertx = vertx;
    this.client = client;
    this.server = server;
  }

  /** Reads {@code PORT}, {@code HOST}, {@code CLOUDFLARE_…} and {@code SATCHEL_…}. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // messages do not follow the machine's language
    Map<String, String> env = System.getenv();
    DemoOptions options;
    try {
      LogOptions.fromEnv(env).apply();
      options = DemoOptions.fromEnv(env);
      // read here too, so that wrong settings are reported before anything is opened
      CloudflareSettings.fromEnv(env);
      ConfigClientOptions.fromEnv(env);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(WRONG_SETTINGS);
      return;
    }
    Vertx vertx = Vertx.vertx();
    start(vertx, options, env)
        .onSuccess(DemoApp::run)
        .onFailure(
            failure -> {
              System.err.println(reason(failure, options));
              System.exit(FAILED);
            });
  }

  private static Future<DemoApp> start(Vertx vertx, DemoOptions options, Map<String, String> env) {
    var kv =
        CloudflareKvReader.of(
            CloudflareSettings.fromEnv(env), NetworkOptions.fromEnv(env), AssetCache.READ_TIMEOUT);
    return VertxConfigClient.open(vertx, env)
        .compose(
            client ->
                DemoServer.start(vertx, client.client(), kv, options, InstantSource.system())
                    .map(server -> new DemoApp(vertx, client, server)));
  }

  private void run() {
    // a JVM that a signal ends would answer 143: the demo was told to stop and did, which is 0
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeAndExit, "close"));
    LOG.info("the demo is at http://{}:{}/?userId=…", server.host(), server.port());
  }

  private void closeAndExit() {
    var closed = new CountDownLatch(1);
    server
        .close()
        .eventually(client::close)
        // not another eventually(): its context would end with Vert.x before it could complete
        .onComplete(any -> vertx.close().onComplete(done -> closed.countDown()));
    try {
      if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("not everything closed within {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  private static String reason(Throwable failure, DemoOptions options) {
    return failure instanceof BindException
        ? "cannot listen on %s:%d (%s): end what uses the port, or set PORT to another"
            .formatted(options.host(), options.port(), failure.getMessage())
        : "the demo cannot start: " + failure.getMessage();
  }
}
