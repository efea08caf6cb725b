package dev.satchel.kv.local;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own: prints its base URL and runs until it is ended. */
final class LocalKvProcess {
  private LocalKvProcess() {}

  public static void main(String[] arguments) throws Exception {
    LocalKvServer server =
        LocalKvServer.start(Vertx.vertx(), LocalKvOptions.in(Path.of(arguments[0])))
            .await(30, TimeUnit.SECONDS);
    System.out.println(server.baseUrl());
  }
}
