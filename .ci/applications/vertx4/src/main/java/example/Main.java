package example;

import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

/** A Vert.x 4 application that opens the client without blocking and asks it on an event loop. */
public final class Main {
  public static void main(String[] args) {
    Vertx vertx = Vertx.vertx();
    vertx.setTimer(30_000, late -> System.exit(1));
    Future.fromCompletionStage(ConfigClient.open(System.getenv()), vertx.getOrCreateContext())
        .compose(configs -> follow(vertx, configs))
        .onComplete(
            done -> {
              if (done.failed()) {
                done.cause().printStackTrace();
              }
              vertx.close().onComplete(closed -> System.exit(done.succeeded() ? 0 : 1));
            });
  }

  private static Future<Void> follow(Vertx vertx, ConfigClient configs) {
    BooleanField preview = configs.booleanField("preview");
    Promise<Void> changed = Promise.promise();
    configs.onUserChange("alice", change -> changed.tryComplete());
    System.out.println("first alice=" + preview.get("alice", true));
    return changed
        .future()
        .onSuccess(any -> System.out.println("changed alice=" + preview.get("alice", false)))
        .compose(any -> answer(vertx, preview))
        .compose(any -> Future.fromCompletionStage(configs.closeAsync()));
  }

  private static Future<Void> answer(Vertx vertx, BooleanField preview) {
    return vertx
        .createHttpServer()
        // on the event loop: a lookup does not block
        .requestHandler(request -> request.response().end("alice=" + preview.get("alice", false)))
        .listen(0, "127.0.0.1")
        .compose(
            server ->
                vertx
                    .createHttpClient()
                    .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body))
        .map(
            body -> {
              System.out.println("answered " + body);
              return null;
            });
  }
}
