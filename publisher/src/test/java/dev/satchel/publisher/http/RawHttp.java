package dev.satchel.publisher.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Requests with whatever headers a test wants, and the answers as they come over the wire. */
record RawHttp(int port) {
  /** An answer whose connection the server has closed. */
  record Answer(int status, Map<String, String> headers, String body) {}

  static RawHttp at(String url) {
    return new RawHttp(URI.create(url).getPort());
  }

  Answer get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n");
  }

  /** Posts a form as a browser would from this page, but for the headers given. */
  Answer post(String path, Map<String, String> form, Map<String, String> headers)
      throws IOException {
    var body = new StringBuilder();
    form.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, UTF_8)));
    var all = new TreeMap<String, String>();
    all.put("Host", "localhost:" + port);
    all.put("Origin", "http://localhost:" + port);
    all.put("Sec-Fetch-Site", "same-origin");
    all.put("Content-Type", "application/x-www-form-urlencoded");
    all.put("Content-Length", Integer.toString(body.length()));
    all.putAll(headers);
    var request = new StringBuilder("POST " + path + " HTTP/1.1\r\n");
    all.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            request.append(name).append(": ").append(value).append("\r\n");
          }
        });
    return send(request + "\r\n" + body);
  }

  /** Sends text as it is, and reads until the server closes. */
  Answer send(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(UTF_8));
      out.flush();
      return parse(new String(socket.getInputStream().readAllBytes(), UTF_8));
    }
  }

  private static Answer parse(String all) {
    int end = all.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("expected an answer but found: " + all);
    }
    String[] lines = all.substring(0, end).split("\r\n", -1);
    var headers = new TreeMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return new Answer(
        Integer.parseInt(lines[0].split(" ", -1)[1]), headers, all.substring(end + 4));
  }
}
