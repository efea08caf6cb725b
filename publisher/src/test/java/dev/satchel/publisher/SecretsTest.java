package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.wiring.Endpoints;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.metrics.SatchelMetrics;
import dev.satchel.sdk.source.HttpSource;
import dev.satchel.snapshot.SigningKey;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Everything is started with secrets that can be recognised, every error that a secret is near to
 * is provoked, and then all that was printed, logged or thrown is searched for them.
 */
@Timeout(120)
class SecretsTest {
  private static final String PASSWORD = "mark/of+the&database-password";
  private static final String TOKEN = "mark-of-the-cloudflare-token";
  private static final String API_KEY = "mark-of-the-cloudflare-api-key";
  private static final String OPERATOR_TOKEN = "mark-of-the-operators-token";
  private static final String KV_TOKEN = "mark-of-the-local-kv-token";
  private static final String HASH_KEY = "mark-of-the-key-that-fields-are-hashed-with";
  private static final SigningKey SIGNING_KEY = SigningKey.generate();
  private static final String PEM_BODY = SIGNING_KEY.toPem().lines().toList().get(1);

  private final Path folder;
  private final Workbench bench;
  private final Said said = new Said();
  private HttpServer echo = SharedDatabase.vertx().createHttpServer();
  private int status = 401;

  SecretsTest(@TempDir Path folder) {
    this.folder = folder;
    bench = Workbench.in(folder.resolve("kv"));
  }

  /** All that anybody could have seen. */
  private static final class Said extends AppenderBase<ILoggingEvent> {
    private final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      texts.add(event.getLoggerName() + ": " + event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        texts.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }

    /** With causes and what was suppressed. */
    void thrown(Throwable failure) {
      var text = new StringWriter();
      failure.printStackTrace(new PrintWriter(text, true));
      texts.add(text.toString());
    }

    void assertNothingOf(String name, String secret) {
      for (String form : forms(secret)) {
        assertThat(texts)
            .as("%s, as %s", name, form.equals(secret) ? "it is" : "it is encoded")
            .noneMatch(text -> text.contains(form));
      }
    }

    /** As it is, as a URL has it, and as it is within base64 at any of three places. */
    private static List<String> forms(String secret) {
      List<String> forms = new ArrayList<>();
      forms.add(secret);
      forms.add(URLEncoder.encode(secret, UTF_8));
      for (int shift = 0; shift < 3; shift++) {
        String encoded =
            Base64.getEncoder().encodeToString(("x".repeat(shift) + secret).getBytes(UTF_8));
        forms.add(encoded.substring(4, encoded.length() - 4));
      }
      return forms;
    }
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @BeforeEach
  void listen() {
    said.start();
    root().addAppender(said);
    for (String verbose : List.of("dev.satchel", "io.vertx")) {
      ((Logger) LoggerFactory.getLogger(verbose)).setLevel(Level.DEBUG);
    }
    echo =
        await(
            SharedDatabase.vertx()
                .createHttpServer()
                .requestHandler(this::echo)
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() {
    root().detachAppender(said);
    ((Logger) LoggerFactory.getLogger("io.vertx")).setLevel(null);
    await(echo.close());
    bench.close();
  }

  /** Refuses, and gives back in every place what it was sent. */
  private void echo(HttpServerRequest request) {
    String sent =
        String.join(
            " ",
            List.of(
                String.valueOf(request.getHeader("Authorization")),
                String.valueOf(request.getHeader("X-Auth-Key")),
                Base64.getEncoder()
                    .encodeToString(
                        String.valueOf(request.getHeader("Authorization")).getBytes(UTF_8))));
    request
        .response()
        .setStatusCode(status)
        .putHeader("X-Sent", sent)
        .putHeader("Location", "http://127.0.0.1/?" + URLEncoder.encode(sent, UTF_8))
        .end(
            "{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"wrong: %s\"}],\"result\":null}"
                .formatted(sent));
  }

  /** Everything marked, and the store at the echo. */
  private Map<String, String> marked() {
    var env = new HashMap<>(bench.env());
    env.put("CLOUDFLARE_API_TOKEN", TOKEN);
    env.put("CLOUDFLARE_API_BASE_URL", "http://127.0.0.1:" + echo.actualPort() + "/client/v4");
    env.put("SATCHEL_KV_TOKEN", KV_TOKEN);
    env.put("SATCHEL_OPERATOR_TOKEN", OPERATOR_TOKEN);
    env.put("SATCHEL_HASH", "plan");
    env.put("SATCHEL_HASH_KEY", HASH_KEY);
    env.put("SATCHEL_SIGNING_KEY", SIGNING_KEY.toPem());
    return env;
  }

  private static Map<String, String> with(Map<String, String> env, String... more) {
    var all = new HashMap<>(env);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private int run(Map<String, String> env, String... args) {
    SatchelRun satchel = SatchelRun.with(env);
    int result = satchel.run(args);
    said.texts.add(satchel.out());
    said.texts.add(satchel.err());
    return result;
  }

  private void assertNoSecretWasSaid() {
    assertThat(said.texts).isNotEmpty();
    var secrets = new LinkedHashMap<String, String>();
    secrets.put("the database password", PASSWORD);
    secrets.put("the token", TOKEN);
    secrets.put("the API key", API_KEY);
    secrets.put("the local KV token", KV_TOKEN);
    secrets.put("the operator's token", OPERATOR_TOKEN);
    secrets.put("the hash key", HASH_KEY);
    secrets.put("the signing key", PEM_BODY.substring(24));
    secrets.forEach(said::assertNothingOf);
  }

  @Test
  void aStoreThatGivesTheCredentialsBackFindsThemInNoMessage() {
    List<String[]> commands =
        List.of(
            new String[] {"publish", "-v"},
            new String[] {"inspect", "-v"},
            new String[] {"get", "-v", "alice"},
            new String[] {"history", "-v"},
            new String[] {"rollback", "-v", "5"});
    for (int refusal : List.of(400, 401, 403, 404, 302)) {
      status = refusal;
      for (String[] command : commands) {
        assertThat(run(marked(), command)).isNotZero();
      }
      var emailAndKey = with(marked(), "CLOUDFLARE_EMAIL", "ops@example.com");
      emailAndKey.put("CLOUDFLARE_API_KEY", API_KEY);
      emailAndKey.remove("CLOUDFLARE_API_TOKEN");
      assertThat(run(emailAndKey, "inspect", "-v")).isNotZero();
    }

    assertNoSecretWasSaid();
  }

  @Test
  void aDatabaseThatRefusesOrIsWronglyNamedLeavesThePasswordUnsaid() throws IOException {
    var settings = SharedDatabase.settings();
    String right = settings.connectionString();
    String encoded = URLEncoder.encode(PASSWORD, UTF_8);
    String place = right.substring(right.indexOf('@') + 1, right.indexOf('?'));
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    Path noCertificate = folder.resolve("no.crt");
    Files.writeString(noCertificate, PASSWORD);

    for (String wrong :
        List.of(
            "postgresql://satchel:" + encoded + "@" + place,
            "postgresql://satchel:" + encoded + "@127.0.0.1:" + closed + "/db",
            "postgresql://satchel:" + encoded + "@127.0.0.1:99999/db",
            "postgresql://satchel:" + PASSWORD + "@127.0.0.1:x/db",
            "postgresql://satchel:" + encoded + "@:/",
            "postgresql:satchel:" + encoded,
            "mysql://satchel:" + encoded + "@localhost/db",
            "postgresql://satchel:%zz" + PASSWORD + "@localhost/db",
            "postgresql://satchel:" + encoded + "@localhost/db?" + PASSWORD + "=1",
            "postgresql://satchel:" + encoded + "@localhost/db?sslmode=" + PASSWORD,
            "postgresql://satchel@localhost/db?password=" + PASSWORD,
            "postgresql://satchel:"
                + encoded
                + "@"
                + place
                + "?sslmode=verify-full&sslrootcert="
                + noCertificate,
            PASSWORD)) {
      assertThat(run(with(marked(), "DATABASE_CONNECTION_STRING", wrong), "publish", "-v"))
          .as("%s", wrong)
          .isNotZero();
    }

    assertNoSecretWasSaid();
  }

  @Test
  void aSecretInAPlaceWhereItDoesNotBelongIsNotRepeated() throws IOException {
    var env = marked();
    Path lines = folder.resolve("lines");
    Files.writeString(lines, TOKEN + "\n" + TOKEN);
    List<Map<String, String>> misplaced =
        List.of(
            moved(env, "DATABASE_CONNECTION_STRING", "/" + PASSWORD),
            moved(env, "CLOUDFLARE_API_TOKEN", TOKEN),
            moved(env, "CLOUDFLARE_API_TOKEN", lines.toString()),
            moved(env, "SATCHEL_HASH_KEY", HASH_KEY),
            moved(env, "SATCHEL_SIGNING_KEY", PEM_BODY.replace("/", "_")),
            moved(env, "SATCHEL_SIGNING_KEY", "\0" + PEM_BODY),
            with(env, "SATCHEL_SIGNING_KEY", PEM_BODY.substring(4)),
            with(env, "SATCHEL_SIGNING_KEY_FILE", "x"),
            with(env, "SATCHEL_PUBLIC_KEYS", PEM_BODY),
            with(env, "CLOUDFLARE_API_BASE_URL", "http://u:" + TOKEN + "@127.0.0.1/client/v4"),
            with(env, "CLOUDFLARE_API_BASE_URL", "http://127.0.0.1/client/v4?token=" + TOKEN),
            with(env, "CLOUDFLARE_API_BASE_URL", "::" + TOKEN),
            with(env, "CLOUDFLARE_API_TOKEN", TOKEN + "\n" + TOKEN));
    for (Map<String, String> wrong : misplaced) {
      assertThat(run(wrong, "publish", "-v")).as("exit status with %s", wrong).isEqualTo(2);
    }
    String tooShort = OPERATOR_TOKEN.substring(0, 15);
    assertThat(
            run(
                with(env, "SATCHEL_OPERATOR_TOKEN", tooShort, "SATCHEL_HTTP_PORT", "0"),
                "run",
                "-v"))
        .isEqualTo(2);
    assertThat(run(moved(env, "SATCHEL_KV_TOKEN", KV_TOKEN), "kv", "--port", "0", "-v"))
        .isEqualTo(2);
    assertThat(run(env, "kv", "--port", "0", "--token", "x")).isEqualTo(2);

    assertNoSecretWasSaid();
  }

  /** The secret in the variable that wants a file's name. */
  private static Map<String, String> moved(Map<String, String> env, String variable, String to) {
    var changed = with(env, variable + "_FILE", to);
    changed.remove(variable);
    return changed;
  }

  @Test
  void aStoreThatCannotBeReachedOrSpeaksNoTlsIsToldWithoutCredentials() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    for (String base :
        List.of(
            "http://127.0.0.1:" + closed + "/client/v4",
            "https://127.0.0.1:" + echo.actualPort() + "/client/v4")) {
      var env = with(marked(), "CLOUDFLARE_API_BASE_URL", base);
      env.put("SATCHEL_CALL_TIMEOUT", "5s");
      env.put("SATCHEL_WHEN_NOTHING", "fail");
      opened(env);
    }

    assertNoSecretWasSaid();
  }

  @Test
  void anApplicationsClientSaysNoSecret() {
    for (int refusal : List.of(401, 403, 429, 500)) {
      status = refusal;
      opened(with(marked(), "SATCHEL_WHEN_NOTHING", "fail", "SATCHEL_CALL_TIMEOUT", "5s"));
      opened(marked());
    }
    said.texts.add(ConfigClientOptions.fromEnv(marked()).toString());
    var problems = new ArrayList<String>();
    said.texts.add(PublisherSettings.fromEnv(marked(), problems).toString());
    said.texts.add(Endpoints.fromEnv(marked(), Endpoints.Need.BOTH, problems).toString());
    said.texts.add(problems.toString());
    var secretive =
        HttpSource.of(
            URI.create("http://127.0.0.1:" + echo.actualPort() + "/?token=" + TOKEN),
            Map.of("Authorization", "Bearer " + TOKEN));
    said.texts.add(secretive.toString());
    said.thrown(catchThrowable(secretive::announcement));
    secretive.close();

    assertNoSecretWasSaid();
  }

  private void opened(Map<String, String> env) {
    try {
      ConfigClient client = ConfigClient.openBlocking(with(env, "SATCHEL_START_TIMEOUT", "1s"));
      said.texts.add(client.status().toString());
      var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      try (var metrics = new SatchelMetrics(client, List.of())) {
        metrics.bindTo(meters);
        said.texts.add(meters.scrape());
      }
      said.texts.add(client.refreshBlocking().toString());
      client.close();
    } catch (RuntimeException | AssertionError refused) {
      said.thrown(refused);
    }
  }

  @Test
  void aProcessShowsNoSecretInItsTitleNorInAnythingItPrints() throws Exception {
    var right = with(bench.env(), "SATCHEL_HASH", "plan", "SATCHEL_HASH_KEY", HASH_KEY);
    right.put("SATCHEL_SIGNING_KEY", SIGNING_KEY.toPem());
    assertThat(run(right, "publish", "-v")).isZero();
    for (String command : List.of("inspect", "history", "publish")) {
      assertThat(run(right, command, "-v")).isZero();
    }
    var kvEnv = with(Map.of(), "SATCHEL_KV_TOKEN", KV_TOKEN);
    try (var kv = RunningSatchel.start(kvEnv, "kv", "--port", "0", "--dir", folder + "/kv2")) {
      said.texts.add(kv.nextLineWith("with the given token"));
      said.texts.add(kv.title());
      assertThat(kv.title()).contains("--port");
      assertThat(kv.stop()).isZero();
      said.texts.add(kv.rest());
    }
    for (String log : List.of("text", "json")) {
      var env = with(marked(), "SATCHEL_SCHEDULE", "1s", "SATCHEL_LOG", log);
      try (var run = RunningSatchel.start(env, "run", "-v")) {
        said.texts.add(run.nextLineWith("signed by key " + SIGNING_KEY.verifyingKey().id()));
        said.texts.add(run.nextLineWith("401"));
        said.texts.add(run.title());
        assertThat(run.stop()).isZero();
        said.texts.add(run.rest());
      }
    }

    assertNoSecretWasSaid();
  }
}
