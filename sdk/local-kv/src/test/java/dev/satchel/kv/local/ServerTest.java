package dev.satchel.kv.local;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test a server on an empty directory, a namespace and a clock that stands still. */
abstract class ServerTest {
  static final String TOKEN = "secret-token";

  @TempDir Path directory;
  final ManualClock clock = new ManualClock();
  Vertx vertx;
  LocalKvServer server;
  Rest rest;
  String namespace;

  LocalKvOptions options() {
    return LocalKvOptions.in(directory).withClock(clock);
  }

  @BeforeEach
  void startServer() throws TimeoutException {
    vertx = Vertx.vertx();
    server = LocalKvServer.start(vertx, options()).await(30, TimeUnit.SECONDS);
    rest = new Rest(server);
    namespace = rest.namespace("a namespace");
  }

  void start(LocalKvOptions options) throws TimeoutException {
    server = LocalKvServer.start(vertx, options).await(30, TimeUnit.SECONDS);
    rest = new Rest(server);
  }

  void restart() throws TimeoutException {
    restart(options());
  }

  void restart(LocalKvOptions options) throws TimeoutException {
    server.close().await(30, TimeUnit.SECONDS);
    start(options);
  }

  @AfterEach
  void stopServer() throws TimeoutException {
    server.close().await(30, TimeUnit.SECONDS);
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  String value(String key) {
    return namespace + "/values/" + Rest.escaped(key);
  }

  String metadata(String key) {
    return namespace + "/metadata/" + Rest.escaped(key);
  }
}
