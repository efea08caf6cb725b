package dev.satchel.publisher.kv;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.Credentials;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class LocalKvContractTest extends KvContract {
  private static Vertx vertx;
  private static LocalKvServer server;
  private static CloudflareKv kv;
  private static CloudflareKv intruder;

  @BeforeAll
  static void start(@TempDir Path directory) {
    vertx = Vertx.vertx();
    var options = LocalKvOptions.in(directory).withToken("right-token").withNamespace("ns", "test");
    server = await(LocalKvServer.start(vertx, options));
    kv = client("right-token");
    intruder = client("wrong-token");
  }

  @AfterAll
  static void stop() {
    await(kv.close());
    await(intruder.close());
    await(server.close());
    await(vertx.close());
  }

  @Override
  CloudflareKv kv() {
    return kv;
  }

  @Override
  CloudflareKv intruder() {
    return intruder;
  }

  private static CloudflareKv client(String token) {
    return CloudflareKv.create(
        vertx,
        new CloudflareSettings(
            "account", "ns", URI.create(server.baseUrl()), Credentials.token(token)));
  }
}
