package dev.satchel.benchmarks.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Requests to the publisher's port over plain sockets, as many as it answers. */
final class PortLoad {
  private static final int THREADS = 16;

  private final int port;
  private final String token;

  PortLoad(int port, String token) {
    this.port = port;
    this.token = token;
  }

  /** How many answers came in a second, and how many bytes. */
  record Rate(double perSecond, double bytesPerSecond) {}

  /** Asks for this path from 16 threads for some seconds, each time over another connection. */
  Rate rate(String path, int seconds) throws InterruptedException {
    var answers = new AtomicLong();
    var bytes = new AtomicLong();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      var thread =
          new Thread(
              () -> {
                while (System.nanoTime() < end) {
                  bytes.addAndGet(get(path));
                  answers.incrementAndGet();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return new Rate(answers.get() / (double) seconds, bytes.get() / (double) seconds);
  }

  private long get(String path) {
    try (var socket = send("GET", path, "")) {
      InputStream in = socket.getInputStream();
      var buffer = new byte[65_536];
      long bytes = 0;
      for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
        if (bytes == 0 && !new String(buffer, 9, 3, StandardCharsets.US_ASCII).equals("200")) {
          throw new IllegalStateException("expected status 200 of " + path);
        }
        bytes += some;
      }
      return bytes;
    } catch (IOException e) {
      throw new IllegalStateException("expected a whole answer of " + path, e);
    }
  }

  /** Opens connections whose requests wait. */
  List<Socket> waiting(String path, String etag, int count) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(send("HEAD", path, "If-None-Match: " + etag + "\r\nPrefer: wait=50\r\n"));
    }
    return sockets;
  }

  private Socket send(String method, String path, String headers) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket
        .getOutputStream()
        .write(
            "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n"
                .formatted(method, path, token, headers)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
