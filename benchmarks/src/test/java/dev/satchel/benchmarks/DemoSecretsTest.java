package dev.satchel.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
  private static final int DEADLINE_SECONDS = 60;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final List<String> said = new ArrayList<>();

  /** Half of them as they are, the others in files. */
  private static Map<String, String> marked(Path folder) throws IOException {
    var env = new HashMap<String, String>();
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

  @Test
  void theDemoShowsNoSecretOfWhoeverTriesIt(@TempDir Path folder) throws Exception {
    try (var demo = RunningDemo.start(folder, marked(folder), "-v")) {
      String page = "http://" + demo.page() + "/";
      for (String path :
          List.of("?userId=alice", "", "status", "health/ready", "metrics", "assets/none")) {
        get(page + path);
      }
      String operator = demo.operator() + "/";
      for (String path :
          List.of("", "metrics", "health/ready", "compare", "user?id=x", "rollback")) {
        get(operator + path);
      }
      post(operator + "rollback", "token=" + URLEncoder.encode("wrong", UTF_8));
      assertThat(post(operator + "resume", "token=" + demo.found(TOKEN)))
          .as("status with the token that the demo prints")
          .isEqualTo(303);
      titles(demo);
      fails(folder, demo.page().replaceFirst(".*:", ""), 1);
      fails(folder, "x", 2);

      endDatabase(demo);
      awaitLine(demo, "run failed");
      demo.terminate();
      assertThat(demo.exitStatus()).isZero();
      said.addAll(demo.said());
      said.add(demo.log());
    }

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
  private void titles(RunningDemo demo) throws IOException {
    assertThat(demo.processes()).hasSizeGreaterThan(2);
    for (ProcessHandle process : demo.processes()) {
      said.add(process.info().toString());
      said.add(RunningDemo.title(process));
    }
  }

  private void fails(Path folder, String port, int status) throws Exception {
    Map<String, String> env = marked(folder);
    env.put("PORT", port);
    Path errors = folder.resolve("errors of " + status);
    Process demo = RunningDemo.process(errors, env, "-v");
    demo.inputReader(UTF_8).lines().forEach(said::add);
    assertThat(demo.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(status);
    said.add(Files.readString(errors));
  }

  private static void endDatabase(RunningDemo demo) throws IOException {
    int ended = 0;
    for (ProcessHandle process : demo.processes()) {
      if (RunningDemo.title(process).matches("\\S*/bin/postgres .*")) {
        ended += process.destroyForcibly() ? 1 : 0;
      }
    }
    assertThat(ended).isPositive();
  }

  private static void awaitLine(RunningDemo demo, String part) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    var never = new CountDownLatch(1);
    while (!demo.log().contains(part)) {
      assertThat(System.nanoTime()).as("expected %s", part).isLessThan(deadline);
      assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
