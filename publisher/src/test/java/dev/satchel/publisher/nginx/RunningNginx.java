package dev.satchel.publisher.nginx;

import static dev.satchel.publisher.Waiting.until;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Debian's nginx with the configuration of sdk/nginx, in which only places, names and times are
 * replaced.
 */
public final class RunningNginx implements AutoCloseable {
  private static final Path SHIPPED = Path.of("../sdk/nginx");
  private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

  /** What nginx sends to the origin. */
  static final String TOKEN = "the-marked-token-of-the-cache";

  /** Seconds of the shipped file become these. */
  static final Map<String, String> TEN_TIMES_AS_FAST =
      Map.of("10s", "1s", "20s", "1s", "30s", "2s");

  private final Path folder;
  private final int port;
  private final Process process;

  private RunningNginx(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** What to replace in the shipped file for this namespace behind this origin. */
  static Map<String, String> places(
      String accountId, String namespaceId, Origin origin, NameServer names) {
    return Map.of(
        "ACCOUNT_ID",
        accountId,
        "NAMESPACE_ID",
        namespaceId,
        "api.cloudflare.com",
        origin.hostAndPort(),
        "/etc/ssl/certs/ca-certificates.crt",
        origin.certificate().toString(),
        "resolver 127.0.0.53",
        "resolver 127.0.0.1:" + names.port());
  }

  /** What to replace for a Worker that is asked over plain http, with short times. */
  public static Map<String, String> placesBefore(URI worker) {
    Map<String, String> places = new HashMap<>(TEN_TIMES_AS_FAST);
    places.put("https://$origin", "http://$origin");
    places.put("api.cloudflare.com", worker.getAuthority());
    return places;
  }

  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /**
   * Starts it.
   *
   * @param replaced what to replace in the shipped file, besides places and ports
   */
  static RunningNginx start(Path folder, Map<String, String> replaced) throws IOException {
    return start(folder, replaced, TOKEN);
  }

  /** Starts it with this token for the origin. */
  public static RunningNginx start(Path folder, Map<String, String> replaced, String token)
      throws IOException {
    int port = writeConfiguration(folder, replaced, token);
    Process process =
        new ProcessBuilder(command(folder, "-g", "daemon off;"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    var nginx = new RunningNginx(folder, port, process);
    until("nginx listens", nginx::listens);
    return nginx;
  }

  /** Returns what {@code nginx -t} prints about the configuration, with nothing if all is well. */
  static String check(Path folder, Map<String, String> replaced) throws Exception {
    writeConfiguration(folder, replaced, TOKEN);
    Process process =
        new ProcessBuilder(command(folder, "-t", "-q")).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() == 0 ? printed : "status " + process.exitValue() + ": " + printed;
  }

  private static List<String> command(Path folder, String... more) {
    List<String> command = new ArrayList<>();
    command.add(PROGRAM.toString());
    command.addAll(List.of("-p", folder.toString(), "-c", folder.resolve("nginx.conf").toString()));
    command.addAll(List.of(more));
    return command;
  }

  private static int writeConfiguration(Path folder, Map<String, String> replaced, String token)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    Path credentials = folder.resolve("credentials.conf");
    all.put("/etc/nginx/satchel-credentials.conf", credentials.toString());
    all.put("/var/cache/satchel", folder.resolve("cache").toString());
    all.put("/var/log/nginx", folder.toString());
    List<Integer> ports = freePorts();
    for (int i = 0; i < ports.size(); i++) {
      all.put("127.0.0.1:809" + i, "127.0.0.1:" + ports.get(i));
    }
    all.putAll(replaced);
    Files.writeString(
        folder.resolve("satchel.conf"),
        replaced(Files.readString(SHIPPED.resolve("satchel.conf")), all));
    Files.writeString(
        credentials,
        replaced(
            Files.readString(SHIPPED.resolve("satchel-credentials.conf")),
            Map.of("\"Bearer TOKEN\"", "\"Bearer " + token + "\"")));
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        %s
        worker_processes 2;
        pid %s/pid;
        error_log %s/error.log;
        events {}
        http {
          client_body_temp_path temporary; proxy_temp_path temporary; fastcgi_temp_path temporary;
          uwsgi_temp_path temporary; scgi_temp_path temporary;
          include satchel.conf;
        }
        """
            .formatted(
                System.getProperty("user.name").equals("root") ? "user root root;" : "",
                folder,
                folder));
    return ports.get(0);
  }

  private static String replaced(String text, Map<String, String> words) {
    String found = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      if (!found.contains(word.getKey())) {
        throw new AssertionError("expected " + word.getKey() + " in the shipped file");
      }
      found = found.replace(word.getKey(), word.getValue());
    }
    return found;
  }

  private static List<Integer> freePorts() throws IOException {
    var loopback = InetAddress.getLoopbackAddress();
    try (var first = new ServerSocket(0, 1, loopback);
        var second = new ServerSocket(0, 1, loopback);
        var third = new ServerSocket(0, 1, loopback)) {
      return List.of(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
    }
  }

  private boolean listens() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("nginx ended: " + log("output") + log("error.log"));
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Returns the address that clients have. */
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns a log as it is now. */
  String log(String name) throws IOException {
    Path log = folder.resolve(name);
    return Files.exists(log) ? Files.readString(log) : "";
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
