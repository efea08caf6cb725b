package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * The demo app's page with another way to know about its user. Arguments: the way, and a file with
 * the page, in which {@code %s} stands for the banner. Prints its port, and serves until its input
 * ends. Uses one event loop, like the demo.
 */
public final class PageServer {
  /** How the page knows about its user. */
  enum Knows {
    /** Knows nothing: serves the page alone. */
    NOTHING,
    /** Reads a snapshot in memory. */
    SNAPSHOT,
    /** Reads the user's KV pair for each page. */
    PER_KEY
  }

  /** Each client has five connections, so this many let every request of the load have its own. */
  private static final int CLIENTS = 1 + PageBenchmark.CONNECTIONS / 5;

  private PageServer() {}

  /** Serves the page. */
  public static void main(String[] arguments) throws IOException {
    String template = Files.readString(Path.of(arguments[1]));
    Vertx vertx = Vertx.vertx();
    Function<String, Future<Boolean>> lookup =
        lookup(Knows.valueOf(arguments[0]), vertx, System.getenv());
    int port =
        StoreProcess.await(
                vertx
                    .createHttpServer()
                    .requestHandler(request -> answer(request, template, lookup))
                    .listen(0, "127.0.0.1"))
            .actualPort();
    System.out.println(JsonNodeFactory.instance.objectNode().put("port", port));
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private static Function<String, Future<Boolean>> lookup(
      Knows knows, Vertx vertx, Map<String, String> variables) {
    return switch (knows) {
      case NOTHING -> id -> Future.succeededFuture(false);
      case SNAPSHOT -> {
        ConfigClient client = ConfigClient.openBlocking(variables);
        BooleanField preview = client.booleanField(ReadPath.FIELD);
        yield id -> Future.succeededFuture(preview.get(id, false));
      }
      case PER_KEY -> {
        CloudflareKv[] clients = new CloudflareKv[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
          clients[i] = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(variables));
        }
        int[] next = {0};
        yield id ->
            clients[next[0]++ % CLIENTS]
                .value(id)
                .map(pair -> pair.map(ReadPath::isPreview).orElse(false));
      }
    };
  }

  private static void answer(
      HttpServerRequest request, String template, Function<String, Future<Boolean>> lookup) {
    lookup
        .apply(request.getParam("userId"))
        .onSuccess(
            preview -> {
              Buffer page = Buffer.buffer(template.formatted(preview ? PageBenchmark.BANNER : ""));
              request
                  .response()
                  .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                  .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                  .end(page);
            })
        .onFailure(failure -> request.response().setStatusCode(500).end());
  }
}
