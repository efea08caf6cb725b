package example;

import dev.satchel.sdk.BooleanField;
import dev.satchel.vertx.VertxConfigClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

/** A Vert.x 5 application that opens the client without blocking and asks it on an event loop. */
public final class Main {
  public static void main(String[] args) {
    Vertx vertx = Vertx.vertx();
    vertx.setTimer(30_000, late -> System.exit(1));
    VertxConfigClient.open(vertx, System.getenv())
        .compose(configs -> follow(vertx, configs))
        .onComplete(
            (done, failure) -> {
              if (failure != null) {
                failure.printStackTrace();
              }
              vertx.close().onComplete(closed -> System.exit(failure == null ? 0 : 1));
            });
  }

  private static Future<Void> follow(Vertx vertx, VertxConfigClient configs) {
    BooleanField preview = configs.client().booleanField("preview");
    Promise<Void> changed = Promise.promise();
    configs.client().onUserChange("alice", change -> changed.tryComplete());
    System.out.println("first alice=" + preview.get("alice", true));
    return changed
        .future()
        .onSuccess(any -> System.out.println("changed alice=" + preview.get("alice", false)))
        .compose(any -> answer(vertx, preview))
        .compose(any -> configs.close());
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
