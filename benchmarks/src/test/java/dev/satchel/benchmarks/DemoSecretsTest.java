package dev.satchel.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.benchmarks.decision.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code satchel demo}, all processes of it, with secrets of the person's own in the environment
 * that can be recognised. It is here because only this module is built behind the demo's two jars.
 */
@Timeout(value = 150, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoSecretsTest {
  private static final String MARK = "mark/of+the&person's-own-";
  private static final Pattern TOKEN = Pattern.compile("operator's token ([0-9a-f]{16,})");
  private static final Pattern OPERATOR = Pattern.compile("operator sees: (http://\\S+/)");
  private static final int DEADLINE_SECONDS = 60;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final List<String> said = new ArrayList<>();

  /** Half of them as they are, the others in files. */
  private static Map<String, String> marked(Path folder, int port) throws IOException {
    var env = new HashMap<String, String>();
    env.put("PORT", Integer.toString(port));
    env.put(
        "DATABASE_CONNECTION_STRING",
        "postgresql://satchel:" + URLEncoder.encode(MARK + "password", UTF_8) + "@127.0.0.1:1/db");
    env.put("PGPASSWORD", MARK + "other-password");
    env.put("CLOUDFLARE_EMAIL", "ops@example.com");
    env.put("CLOUDFLARE_API_KEY", MARK + "key");
    env.put("SATCHEL_HASH", "plan");
    for (String variable :
        List.of(
            "CLOUDFLARE_API_TOKEN",
            "SATCHEL_OPERATOR_TOKEN",
            "SATCHEL_KV_TOKEN",
            "SATCHEL_HASH_KEY",
            "SATCHEL_SIGNING_KEY")) {
      Path file = folder.resolve(variable);
      Files.writeString(file, MARK + variable);
      env.put(variable + "_FILE", file.toString());
    }
    return env;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process start(Path jar, Path errors, Map<String, String> env) throws IOException {
    List<String> command = Programs.jarCommand(jar, "demo", "-v");
    command.add(1, "-Xmx256m");
    return Programs.builder(command, env).redirectError(errors.toFile()).start();
  }

  @Test
  void theDemoShowsNoSecretOfWhoeverTriesIt(@TempDir Path folder) throws Exception {
    Path jar;
    try {
      jar = Programs.jar("publisher", "satchel.jar");
      Programs.jar("demo-app", "satchel-demo.jar");
    } catch (IOException notBuilt) {
      assumeTrue(false, "the demo was not started: " + notBuilt.getMessage());
      return;
    }
    int port = freePort();
    Path errors = folder.resolve("errors");
    Process demo = start(jar, errors, marked(folder, port));
    try (BufferedReader out = demo.inputReader(UTF_8)) {
      String operator = operator(out, errors);
      String page = "http://127.0.0.1:" + port + "/";
      for (String path :
          List.of("?userId=alice", "", "status", "health/ready", "metrics", "assets/none")) {
        get(page + path);
      }
      for (String path :
          List.of("", "metrics", "health/ready", "compare", "user?id=x", "rollback")) {
        get(operator + path);
      }
      post(operator + "rollback", "token=" + URLEncoder.encode("wrong", UTF_8));
      assertThat(post(operator + "resume", "token=" + printedToken()))
          .as("status with the token that the demo prints")
          .isEqualTo(303);
      titles(demo);
      fails(jar, folder, Map.of("PORT", Integer.toString(port)), 1);
      fails(jar, folder, Map.of("PORT", "x"), 2);

      endDatabase(demo);
      awaitLine(errors, "run failed");
      demo.toHandle().destroy();
      out.lines().forEach(said::add);
      assertThat(demo.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly();
    }
    said.add(Files.readString(errors));

    for (String form : forms()) {
      assertThat(said).noneMatch(text -> text.contains(form));
    }
  }

  /** As it is, as a URL has it, and as it is within base64 at any of three places. */
  private static List<String> forms() {
    List<String> forms = new ArrayList<>(List.of(MARK, URLEncoder.encode(MARK, UTF_8)));
    for (int shift = 0; shift < 3; shift++) {
      String encoded =
          Base64.getEncoder().encodeToString(("x".repeat(shift) + MARK).getBytes(UTF_8));
      forms.add(encoded.substring(4, encoded.length() - 4));
    }
    return forms;
  }

  private String operator(BufferedReader out, Path errors) throws IOException {
    String operator = "";
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      Matcher found = OPERATOR.matcher(line);
      operator = found.find() ? found.group(1) : operator;
      if (line.contains("Ctrl-C ends all of it")) {
        return operator;
      }
    }
    throw new AssertionError("expected the demo to start but found " + Files.readString(errors));
  }

  private String printedToken() {
    return said.stream()
        .flatMap(line -> TOKEN.matcher(line).results())
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow();
  }

  private void get(String address) throws Exception {
    ask(HttpRequest.newBuilder(URI.create(address)));
  }

  private int post(String address, String form) throws Exception {
    return ask(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private int ask(HttpRequest.Builder request) throws Exception {
    var answer =
        http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    said.add(answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
    return answer.statusCode();
  }

  /** Of all its processes, as others on this machine see them. */
  private void titles(Process demo) throws IOException {
    List<ProcessHandle> all = new ArrayList<>(demo.descendants().toList());
    all.add(demo.toHandle());
    assertThat(all).hasSizeGreaterThan(2);
    for (ProcessHandle process : all) {
      said.add(process.info().toString());
      said.add(title(process));
    }
  }

  private static String title(ProcessHandle process) throws IOException {
    Path whole = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    return Files.exists(whole) ? Files.readString(whole).replace('\0', ' ') : "";
  }

  private void fails(Path jar, Path folder, Map<String, String> more, int status) throws Exception {
    Map<String, String> env = marked(folder, 1);
    env.putAll(more);
    Path errors = folder.resolve("errors of " + status);
    Process demo = start(jar, errors, env);
    demo.inputReader(UTF_8).lines().forEach(said::add);
    assertThat(demo.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(status);
    said.add(Files.readString(errors));
  }

  private static void endDatabase(Process demo) throws IOException {
    int ended = 0;
    for (ProcessHandle process : demo.descendants().toList()) {
      if (title(process).matches("\\S*/bin/postgres .*")) {
        ended += process.destroyForcibly() ? 1 : 0;
      }
    }
    assertThat(ended).isPositive();
  }

  private static void awaitLine(Path file, String part) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    var never = new CountDownLatch(1);
    while (!Files.readString(file).contains(part)) {
      assertThat(System.nanoTime()).as("expected %s", part).isLessThan(deadline);
      assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
