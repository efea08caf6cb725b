package dev.satchel.demo;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process of its own, against a real store. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DemoAppTest {
  private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    started.forEach(Process::destroyForcibly);
    await(vertx.close());
  }

  private Process start(Map<String, String> env) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dlogback.configurationFile=logback.xml",
            DemoApp.class.getName());
    builder.environment().keySet().removeIf(name -> name.matches("(CLOUDFLARE|SATCHEL)_.*"));
    builder.environment().putAll(env);
    Process process = builder.redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private static Map<String, String> settings(String baseUrl) {
    var env = new HashMap<String, String>();
    env.put("PORT", "0");
    env.put("SATCHEL_POLL_INTERVAL", "0.1s");
    env.put("CLOUDFLARE_API_TOKEN", "secret-token");
    env.put("CLOUDFLARE_ACCOUNT_ID", "account");
    env.put("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns");
    env.put("CLOUDFLARE_API_BASE_URL", baseUrl);
    return env;
  }

  private static String link(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher found = LINK.matcher(line);
      if (found.find()) {
        return found.group();
      }
    }
    throw new AssertionError("the demo ended without saying where it is");
  }

  private static HttpResponse<String> get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build(),
            BodyHandlers.ofString());
  }

  /** Writes a pair as the publisher does, under a key as it is in a URL. */
  private static void put(
      LocalKvServer store, String key, byte[] value, Map<String, @Nullable Object> metadata)
      throws Exception {
    var body = new ByteArrayOutputStream();
    body.writeBytes(
        "--edge\r\nContent-Disposition: form-data; name=\"value\"; filename=\"value\"\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(value);
    body.writeBytes(
        "\r\n--edge\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n%s\r\n--edge--\r\n"
            .formatted(new JsonObject(metadata).encode())
            .getBytes(StandardCharsets.UTF_8));
    String address = store.baseUrl() + "/accounts/account/storage/kv/namespaces/ns/values/" + key;
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address))
                    .timeout(Duration.ofSeconds(20))
                    .header("Authorization", "Bearer secret-token")
                    .header("Content-Type", "multipart/form-data; boundary=edge")
                    .PUT(BodyPublishers.ofByteArray(body.toByteArray()))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** By SIGTERM; {@code output} is what the demo had not yet been seen to say. */
  private static void end(Process process, BufferedReader output) throws Exception {
    process.toHandle().destroy(); // unlike Process.destroy(), leaves the output open
    assertThat(output.lines().filter(line -> line.matches(".*not everything closed.*|\\s+at .*")))
        .isEmpty();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void servesFromTheStoreAndEndsWithZeroOnSigterm() throws Exception {
    LocalKvServer store =
        await(
            LocalKvServer.start(
                vertx, LocalKvOptions.in(directory).withNamespace("ns", "configs")));
    var env = settings(store.baseUrl());
    var shelf = new ShelfKv();
    shelf.publish(7, Map.of("alice", true));
    put(
        store,
        "user-configs",
        shelf.value("user-configs", 0).orElseThrow(),
        shelf.metadata("user-configs").orElseThrow());
    put(store, "assets%2Fhello.txt", "hello".getBytes(StandardCharsets.UTF_8), Map.of());
    Process demo = start(env);
    BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
    String link = link(output);

    assertThat(get(link + "health/ready").statusCode()).isEqualTo(200);
    assertThat(get(link + "?userId=alice").body()).contains("🎉 You have early access");
    assertThat(get(link + "assets/hello.txt").body()).isEqualTo("hello");
    end(demo, output);
    await(store.close());
  }

  @Test
  void logsOneObjectALineInJsonDownToTheLevel() throws Exception {
    var env = settings("http://127.0.0.1:1/client/v4");
    env.put("SATCHEL_START_TIMEOUT", "0.5s");
    env.put("SATCHEL_LOG", "json");
    Process demo = start(env);
    BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
    List<JsonObject> lines = new ArrayList<>();
    do {
      lines.add(new JsonObject(output.readLine()));
    } while (!LINK.matcher(lines.get(lines.size() - 1).getString("message")).find());
    end(demo, output);

    assertThat(lines)
        .allMatch(line -> line.getString("time").endsWith("Z") && line.containsKey("logger"))
        .anyMatch(line -> "WARN".equals(line.getString("level")));
    env.put("SATCHEL_LOG_LEVEL", "error");
    env.put("HOST", "192.0.2.1");
    Process quiet = start(env);
    assertThat(quiet.inputReader(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("cannot listen on 192.0.2.1");
  }

  @Test
  void aWrongSettingOfTheLogIsOneLine() throws Exception {
    var env = settings("http://127.0.0.1:1/client/v4");
    env.put("SATCHEL_LOG", "xml");
    Process demo = start(env);

    assertThat(demo.inputReader(StandardCharsets.UTF_8).lines())
        .containsExactly("expected SATCHEL_LOG to be text or json but found 'xml'");
    assertThat(demo.waitFor()).isEqualTo(2);
  }

  @Test
  void startsWithoutAStore() throws Exception {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    var env = settings("http://127.0.0.1:" + closed + "/client/v4");
    env.put("SATCHEL_START_TIMEOUT", "0.5s");
    Process demo = start(env);
    BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
    String link = link(output);

    assertThat(get(link + "health/live").statusCode()).isEqualTo(200);
    assertThat(get(link + "health/ready").statusCode()).isEqualTo(503);
    assertThat(get(link + "?userId=alice").body()).contains("Welcome to My App");
    end(demo, output);
  }

  @Test
  void showsItsTokenOnNoPageAndInNoLineThoughTheStoreGivesItBack() throws Exception {
    HttpServer echo =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .response()
                            .setStatusCode(401)
                            .end(
                                "{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"%s\"}]}"
                                    .formatted(request.getHeader("Authorization"))))
                .listen(0, "127.0.0.1"));
    Process demo = start(settings("http://127.0.0.1:" + echo.actualPort() + "/client/v4"));
    BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
    String link = link(output);
    var shown = new StringBuilder(demo.toHandle().info().toString());
    for (String path :
        List.of(
            "", "?userId=alice", "status", "health/ready", "health/live", "metrics", "assets/x")) {
      HttpResponse<String> page = get(link + path);
      shown.append(page.headers()).append(page.body());
    }
    demo.toHandle().destroy();
    output.lines().forEach(shown::append);

    assertThat(shown)
        .contains("401")
        .doesNotContain("secret-token")
        .doesNotContain("c2VjcmV0LXRva2Vu");
    await(echo.close());
  }

  @Test
  void saysWhatToDoWhenThePortIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var env = settings("http://127.0.0.1:" + taken.getLocalPort() + "/client/v4");
      env.put("PORT", Integer.toString(taken.getLocalPort()));
      LocalKvServer store =
          await(
              LocalKvServer.start(
                  vertx, LocalKvOptions.in(directory).withNamespace("ns", "configs")));
      env.put("CLOUDFLARE_API_BASE_URL", store.baseUrl());
      Process demo = start(env);
      String output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(demo.waitFor()).isEqualTo(1);
      assertThat(output.lines().filter(line -> line.startsWith("cannot listen")))
          .singleElement()
          .asString()
          .contains("127.0.0.1:" + taken.getLocalPort(), "set PORT to another");
      assertThat(output).doesNotContain("\tat ");
      await(store.close());
    }
  }

  @Test
  void namesAllWrongSettingsAtOnceAndEndsWithTwo() throws Exception {
    Process demo = start(Map.of("PORT", "8080"));
    String output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(demo.waitFor()).isEqualTo(2);
    assertThat(output)
        .contains(
            "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_WORKERS_KV_NAMESPACE");
  }
}
