package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.publisher.Waiting;
import dev.satchel.publisher.embedded.SharedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A headless browser with one page, driven over its DevTools protocol. */
final class Chromium implements AutoCloseable {

  /** What the protocol answers for a script whose page is left before it has come to anything. */
  private static final String PAGE_LEFT = "Inspected target navigated or closed";

  private final Process process;
  private final WebSocketClient client;
  private final WebSocket socket;
  private final Map<Integer, Promise<JsonObject>> asked = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private String session = "";

  private Chromium(Process process, WebSocketClient client, WebSocket socket) {
    this.process = process;
    this.client = client;
    this.socket = socket;
  }

  /** Where the browser is, if this machine has one. */
  static Optional<Path> program() {
    List<Path> found = new ArrayList<>();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, "chromium");
      if (Files.isExecutable(program)) {
        found.add(program);
      }
    }
    return found.stream().findFirst();
  }

  static Chromium start(Path program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var log =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    String line = log.readLine();
    while (line != null && !line.startsWith("DevTools listening on ")) {
      line = log.readLine();
    }
    if (line == null) {
      throw new AssertionError("expected the browser to tell its address but it ended");
    }
    var drain = new Thread(() -> log.lines().forEach(rest -> {}), "chromium's log");
    drain.setDaemon(true);
    drain.start();
    var address = URI.create(line.substring(line.indexOf("ws://")));
    WebSocketClient client =
        SharedDatabase.vertx()
            .createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(1 << 24).setMaxMessageSize(1 << 26));
    WebSocket socket =
        await(
            client.connect(
                new WebSocketConnectOptions()
                    .setAllowOriginHeader(false)
                    .setHost(address.getHost())
                    .setPort(address.getPort())
                    .setURI(address.getPath())));
    var browser = new Chromium(process, client, socket);
    socket.textMessageHandler(browser::hear);
    browser.openPage();
    return browser;
  }

  private void hear(String text) {
    var message = new JsonObject(text);
    Promise<JsonObject> promise = asked.remove(message.getInteger("id", 0));
    if (promise != null) {
      if (message.containsKey("error")) {
        promise.fail(new IllegalStateException(message.getJsonObject("error").encode()));
      } else {
        promise.complete(message.getJsonObject("result", new JsonObject()));
      }
    } else if ("Log.entryAdded".equals(message.getString("method"))
        || "Runtime.exceptionThrown".equals(message.getString("method"))) {
      complaints.add(message.getJsonObject("params").encode());
    }
  }

  private void openPage() {
    String target =
        tell("Target.createTarget", new JsonObject().put("url", "about:blank"))
            .getString("targetId");
    session =
        tell("Target.attachToTarget", new JsonObject().put("targetId", target).put("flatten", true))
            .getString("sessionId");
    for (String domain : new String[] {"Page", "Runtime", "Log"}) {
      tell(domain + ".enable", new JsonObject());
    }
  }

  private JsonObject tell(String method, JsonObject params) {
    int id = lastId.incrementAndGet();
    Promise<JsonObject> promise = Promise.promise();
    asked.put(id, promise);
    var message = new JsonObject().put("id", id).put("method", method).put("params", params);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    Future<Void> sent = socket.writeTextMessage(message.encode());
    return await(sent.compose(done -> promise.future()));
  }

  void open(String url) throws Exception {
    tell("Page.navigate", new JsonObject().put("url", url));
    until("document.readyState === 'complete' && location.href.startsWith('http')");
  }

  /** The size in CSS pixels, and light or dark. */
  void show(int width, int height, String colours) {
    tell(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600));
    tell(
        "Emulation.setEmulatedMedia",
        new JsonObject()
            .put(
                "features",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", "prefers-color-scheme")
                            .put("value", colours))));
  }

  /** What a script comes to in the page. */
  Object evaluate(String script) {
    return tell(
            "Runtime.evaluate",
            new JsonObject().put("expression", script).put("returnByValue", true))
        .getJsonObject("result")
        .getValue("value", "");
  }

  void type(String text) {
    tell("Input.insertText", new JsonObject().put("text", text));
  }

  void press(String key, int code, String text) {
    for (String kind : new String[] {"keyDown", "keyUp"}) {
      tell(
          "Input.dispatchKeyEvent",
          new JsonObject()
              .put("type", kind)
              .put("key", key)
              .put("code", key)
              .put("windowsVirtualKeyCode", code)
              .put("text", kind.equals("keyDown") ? text : ""));
    }
  }

  /** Waits until a script comes to true; pages come and go meanwhile. */
  void until(String script) throws Exception {
    Waiting.until(script, () -> isTrue(script));
  }

  private boolean isTrue(String script) {
    try {
      return Boolean.TRUE.equals(evaluate(script));
    } catch (IllegalStateException e) {
      if (String.valueOf(e.getMessage()).contains(PAGE_LEFT)) {
        return false;
      }
      throw e;
    }
  }

  /** What the page logged or threw, a refusal by its content security policy included. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** The whole page as PNG. */
  byte[] picture() {
    JsonObject size =
        tell("Page.getLayoutMetrics", new JsonObject()).getJsonObject("cssContentSize");
    return Base64.getDecoder()
        .decode(
            tell(
                    "Page.captureScreenshot",
                    new JsonObject()
                        .put("captureBeyondViewport", true)
                        .put("clip", size.copy().put("x", 0).put("y", 0).put("scale", 1)))
                .getString("data"));
  }

  @Override
  public void close() {
    await(socket.close().otherwiseEmpty());
    await(client.close());
    process.destroy();
    process
        .onExit()
        .orTimeout(10, TimeUnit.SECONDS)
        .exceptionally(late -> process.destroyForcibly())
        .join();
  }
}
