package dev.satchel.publisher.kv;

import dev.satchel.publisher.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A loopback HTTP server on a bare socket: it records requests byte for byte, and answers each with
 * the next line of its script, whether that is HTTP or not. The last line is repeated.
 */
final class ScriptedServer {
  /** A request as it came: the target is not decoded, header names are in lower case. */
  record Request(String method, String target, Map<String, String> headers, Buffer body) {}

  /** What to do about one request. */
  interface Answer {
    void give(NetSocket socket, Request request);
  }

  private final NetServer server;
  private final List<Request> requests = new ArrayList<>();
  private final Deque<Answer> script = new ArrayDeque<>();

  private ScriptedServer(Vertx vertx) {
    server = vertx.createNetServer().connectHandler(socket -> socket.handler(new Parser(socket)));
  }

  static ScriptedServer start(Vertx vertx) {
    return start(vertx, "127.0.0.1");
  }

  static ScriptedServer start(Vertx vertx, String host) {
    var scripted = new ScriptedServer(vertx);
    Waiting.await(scripted.server.listen(0, host));
    return scripted;
  }

  /** A server that takes connections and never reads from them. */
  static ScriptedServer deaf(Vertx vertx) {
    var scripted = new ScriptedServer(vertx);
    scripted.server.connectHandler(NetSocket::pause);
    Waiting.await(scripted.server.listen(0, "127.0.0.1"));
    return scripted;
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/client/v4");
  }

  int port() {
    return server.actualPort();
  }

  void close() {
    Waiting.await(server.close());
  }

  synchronized void script(Answer... answers) {
    script.addAll(List.of(answers));
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  Request onlyRequest() {
    var all = requests();
    if (all.size() != 1) {
      throw new AssertionError("expected one request but found " + all.size());
    }
    return all.get(0);
  }

  static Answer status(int status, String contentType, Buffer body, String... headers) {
    var head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
    head.append("Content-Type: ").append(contentType).append("\r\n");
    head.append("Content-Length: ").append(body.length()).append("\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    var bytes = Buffer.buffer(head.append("\r\n").toString()).appendBuffer(body);
    return (socket, request) -> socket.write(bytes);
  }

  static Answer json(int status, String body, String... headers) {
    return status(status, "application/json", Buffer.buffer(body), headers);
  }

  static Answer success(String result) {
    return json(200, "{\"result\":" + result + ",\"success\":true,\"errors\":[],\"messages\":[]}");
  }

  static Answer error(int status, int code, String message, String... headers) {
    return json(
        status,
        "{\"result\":null,\"success\":false,\"errors\":[{\"code\":%d,\"message\":\"%s\"}],\"messages\":[]}"
            .formatted(code, message),
        headers);
  }

  static Answer octets(Buffer value) {
    return status(200, "application/octet-stream", value);
  }

  /** Never a byte. */
  static Answer silence() {
    return (socket, request) -> {};
  }

  static Answer hangUp() {
    return (socket, request) -> socket.close();
  }

  static Answer bytes(String text) {
    return (socket, request) -> socket.write(text);
  }

  static Answer bytesThenHangUp(String text) {
    return (socket, request) -> socket.end(Buffer.buffer(text));
  }

  private synchronized void answer(NetSocket socket, Request request) {
    requests.add(request);
    var answer = script.size() > 1 ? script.removeFirst() : script.getFirst();
    answer.give(socket, request);
  }

  /** Cuts one connection's bytes into requests with a Content-Length. */
  private final class Parser implements io.vertx.core.Handler<Buffer> {
    private final NetSocket socket;
    private Buffer received = Buffer.buffer();
    private int awaitedBytes;

    Parser(NetSocket socket) {
      this.socket = socket;
    }

    @Override
    public void handle(Buffer data) {
      received.appendBuffer(data);
      if (received.length() < awaitedBytes) {
        return;
      }
      awaitedBytes = 0;
      int headEnd = headEnd();
      while (headEnd >= 0) {
        var lines = received.getString(0, headEnd, "ISO-8859-1").split("\r\n", -1);
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
          int colon = lines[i].indexOf(':');
          headers.put(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
              lines[i].substring(colon + 1).strip());
        }
        int bodyAt = headEnd + 4;
        int end = bodyAt + Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (received.length() < end) {
          awaitedBytes = end;
          return;
        }
        var first = lines[0].split(" ", 3);
        var request = new Request(first[0], first[1], headers, received.getBuffer(bodyAt, end));
        received = received.getBuffer(end, received.length());
        answer(socket, request);
        headEnd = headEnd();
      }
    }

    private int headEnd() {
      int limit = Math.min(received.length(), 65_536);
      return new String(received.getBytes(0, limit), StandardCharsets.ISO_8859_1)
          .indexOf("\r\n\r\n");
    }
  }
}
