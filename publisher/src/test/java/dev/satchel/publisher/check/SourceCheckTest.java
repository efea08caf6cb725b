package dev.satchel.publisher.check;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.satchel.kv.Digests;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.source.Certificates;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.store.SnapshotMetadata;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code satchel check-source} against servers that are right, and against each thing they can do
 * wrong.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceCheckTest {
  private static final String TOKEN = "a-marked-token-of-readers";
  private static final String PATH = "/satchel/users";

  private final Workbench bench;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SnapshotMetadata metadata;
  private final byte[] before;
  private final byte[] value;
  private final byte[] patch;
  private volatile Fault fault = Fault.NONE;

  /** Changes a right answer into a wrong one. */
  private interface Fault {
    Fault NONE = (exchange, answer) -> {};

    void in(HttpExchange exchange, Reply answer) throws IOException;
  }

  /** The answer that is about to be sent. */
  private static final class Reply {
    int status = 200;
    final Map<String, String> headers = new HashMap<>();
    byte[] body = new byte[0];
    boolean isCut;
    boolean isHead;

    void with(String name, String text) {
      headers.put(name, text);
    }

    void status(int refusal) {
      status = refusal;
      headers.clear();
      body = new byte[0];
    }

    boolean isWhole() {
      return headers.containsKey("Satchel-Patch");
    }
  }

  SourceCheckTest(@TempDir Path folder) throws IOException {
    bench = Workbench.in(folder);
    bench.sql(
        "INSERT INTO %s SELECT 'user' || g, g %% 2 = 0, md5(g::text) FROM generate_series(1, 500) g");
    assertThat(bench.satchel().run("publish")).isZero();
    before = bench.value("user-configs").getBytes();
    bench.sql("UPDATE %s SET preview = true WHERE id = 'user1'");
    assertThat(bench.satchel().run("publish")).isZero();
    metadata = SnapshotMetadata.fromJson(bench.metadata("user-configs")).orElseThrow();
    value = bench.value("user-configs").getBytes();
    patch = bench.value("user-configs@%d.patch".formatted(metadata.revision())).getBytes();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  @AfterAll
  void close() {
    server.stop(0);
    threads.shutdown();
    bench.close();
  }

  @BeforeEach
  void heal() {
    fault = Fault.NONE;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var reply = new Reply();
    reply.isHead = exchange.getRequestMethod().equals("HEAD");
    String path = exchange.getRequestURI().getPath();
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      reply.status(401);
    } else if (path.equals(PATH)) {
      whole(exchange, reply);
    } else if (path.equals(PublishedPatch.key(PATH, metadata.revision()))) {
      reply.body = patch;
    } else {
      reply.status(404);
    }
    fault.in(exchange, reply);
    send(exchange, reply);
  }

  private void whole(HttpExchange exchange, Reply reply) {
    PublishedPatch named = Objects.requireNonNull(metadata.patch());
    String etag = '"' + metadata.sha256() + '"';
    reply.body = value;
    reply.with("Content-Type", "application/octet-stream");
    reply.with("ETag", etag);
    reply.with("Cache-Control", "private, max-age=10");
    reply.with("Satchel-Revision", Long.toString(metadata.revision()));
    reply.with("Satchel-SHA-256", metadata.sha256());
    reply.with(
        "Satchel-Patch",
        "from=%d; bytes=%d; sha256=%s".formatted(named.from(), named.bytes(), named.sha256()));
    String known = exchange.getRequestHeaders().getFirst("If-None-Match");
    if (known != null && known.contains(etag)) {
      reply.status = 304;
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    reply.headers.forEach(exchange.getResponseHeaders()::set);
    boolean hasBody = reply.status == 200 && !reply.isHead;
    exchange.sendResponseHeaders(reply.status, hasBody ? reply.body.length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(reply.body, 0, reply.isCut ? 10 : reply.body.length);
    }
    exchange.close();
  }

  private String address() {
    return "http://127.0.0.1:%d%s?key=a-marked-secret"
        .formatted(server.getAddress().getPort(), PATH);
  }

  /** Returns what is wrong, by the name of the check. */
  private static Map<String, JsonObject> wrong(SatchelRun run, String verdict) {
    var found = new HashMap<String, JsonObject>();
    for (Object each : new JsonObject(run.out()).getJsonArray("checks")) {
      var check = (JsonObject) each;
      if (check.getString("verdict").equals(verdict)) {
        assertThat(check.getString("expected")).isNotEmpty();
        assertThat(check.getString("found")).isNotEmpty();
        assertThat(check.getString("advice")).isNotEmpty();
        found.put(check.getString("name"), check);
      }
    }
    return found;
  }

  private SatchelRun satchel() {
    return bench.satchel().and("SATCHEL_SOURCE_TOKEN", TOKEN);
  }

  @Test
  void aServerThatDoesAllOfItIsUsableWithoutAWarning() {
    SatchelRun satchel = satchel();

    assertThat(satchel.run("check-source", address())).describedAs(satchel.out()).isZero();

    assertThat(satchel.out())
        .startsWith("http://127.0.0.1:%d%s%n".formatted(server.getAddress().getPort(), PATH))
        .contains("clients can read it: 0 failed, 0 warnings", "patch: ")
        .doesNotContain("a-marked", "FAILED", "warning ");
    assertThat(satchel.err()).isEmpty();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        failed("status", (x, a) -> a.status(500)),
        failed("status", (x, a) -> a.status(403)),
        failed(
            "status",
            (x, a) -> {
              a.status(302);
              a.with("Location", "https://elsewhere.example.com/?key=a-marked-secret");
            }),
        failed("answer", (x, a) -> a.isCut = a.isWhole()),
        failed("content type", (x, a) -> a.with("Content-Type", "text/html")),
        failed("ETag", (x, a) -> a.headers.remove("ETag")),
        failed("304", (x, a) -> a.status = a.status == 304 ? 200 : a.status),
        failed("200 to another ETag", SourceCheckTest::alwaysUnchanged),
        failed("Satchel-SHA-256", (x, a) -> whole(a, "Satchel-SHA-256", "0".repeat(64))),
        failed("Satchel-Revision", (x, a) -> whole(a, "Satchel-Revision", "7")),
        failed("patch", (x, a) -> whole(a, "Satchel-Patch", "from=1; bytes=2")),
        failed("patch", (x, a) -> whole(a, "Satchel-Patch", named(1, 2))),
        failed("patch", SourceCheckTest::withoutPatches),
        failed("unknown key", SourceCheckTest::onePageForAll),
        failed("Cache-Control", (x, a) -> whole(a, "Cache-Control", "max-age=86400")),
        failed("Cache-Control", (x, a) -> whole(a, "Cache-Control", "private, immutable")),
        failed("Cache-Control", (x, a) -> whole(a, "Cache-Control", "public, max-age=10")),
        failed("Age", (x, a) -> whole(a, "Age", "90000")),
        failed("HEAD", SourceCheckTest::headOfAnother),
        warned("HEAD", (x, a) -> refuseHead(a)),
        warned("Satchel-SHA-256", (x, a) -> a.headers.remove("Satchel-SHA-256")),
        warned("Cache-Control", (x, a) -> a.headers.remove("Cache-Control")),
        warned("ETag of the same value", SourceCheckTest::anotherTagEachTime),
        warned("waiting", (x, a) -> saysThatItWaits(x, a)));
  }

  private static Arguments failed(String check, Fault fault) {
    return Arguments.of("failed", check, fault);
  }

  private static Arguments warned(String check, Fault fault) {
    return Arguments.of("warning", check, fault);
  }

  private static void whole(Reply reply, String header, String text) {
    if (reply.isWhole()) {
      reply.with(header, text);
    }
  }

  private static String named(long from, int bytes) {
    return "from=%d; bytes=%d; sha256=%s".formatted(from, bytes, "0".repeat(64));
  }

  private static void alwaysUnchanged(HttpExchange exchange, Reply reply) {
    if (exchange.getRequestHeaders().containsKey("If-None-Match")) {
      reply.status = 304;
    }
  }

  private static void withoutPatches(HttpExchange exchange, Reply reply) {
    if (exchange.getRequestURI().getPath().endsWith(".patch")) {
      reply.status(404);
    }
  }

  private static void onePageForAll(HttpExchange exchange, Reply reply) {
    reply.status = reply.status == 404 ? 200 : reply.status;
  }

  private static void headOfAnother(HttpExchange exchange, Reply reply) {
    if (reply.isHead) {
      reply.with("ETag", "\"of-another\"");
    }
  }

  private static void refuseHead(Reply reply) {
    if (reply.isHead) {
      reply.status(405);
    }
  }

  private static final AtomicInteger TAGS = new AtomicInteger();

  private static void anotherTagEachTime(HttpExchange exchange, Reply reply) {
    if (reply.isWhole() && !exchange.getRequestHeaders().containsKey("If-None-Match")) {
      reply.with("ETag", "\"" + TAGS.incrementAndGet() + "\"");
    }
  }

  private static void saysThatItWaits(HttpExchange exchange, Reply reply) {
    if (exchange.getRequestHeaders().containsKey("Prefer")) {
      reply.with("Preference-Applied", "wait=2");
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void eachFaultIsNamedWithWhatToDo(String verdict, String check, Fault wrong) {
    fault = wrong;
    SatchelRun satchel = satchel();

    int status = satchel.run("check-source", "--json", address());

    assertThat(wrong(satchel, verdict)).describedAs(satchel.out()).containsKey(check);
    if (verdict.equals("failed")) {
      assertThat(status).isEqualTo(1);
    }
    assertThat(satchel.out() + satchel.err()).doesNotContain("a-marked");
  }

  @Test
  void aValueThatIsCompressedOnceMoreIsNamedInEitherForm() throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(value);
    }
    SatchelRun satchel = satchel();
    fault =
        (x, a) -> {
          if (a.isWhole()) {
            a.body = zipped.toByteArray();
          }
        };
    assertThat(satchel.run("check-source", "--json", address())).isEqualTo(1);
    assertThat(Objects.requireNonNull(wrong(satchel, "failed").get("value")).getString("found"))
        .isEqualTo("bytes of gzip");

    fault =
        (x, a) -> {
          if (a.isWhole()) {
            a.body = zipped.toByteArray();
            a.with("Content-Encoding", "gzip");
          }
        };
    assertThat(satchel.run("check-source", "--json", address())).isEqualTo(1);
    assertThat(wrong(satchel, "failed")).containsKey("compression");
  }

  @Test
  void aClockThatIsWrongAndABodyWithoutALengthAreTold() {
    var answer =
        new Answer(
            200,
            HttpHeaders.of(
                Map.of("date", List.of("Sat, 28 Nov 2026 09:00:00 GMT")), (name, text) -> true),
            value,
            HttpClient.Version.HTTP_1_1,
            Instant.parse("2026-11-28T09:06:00Z"),
            Duration.ofMillis(1));
    var findings = new ArrayList<Finding>();

    new CacheChecks(answer, true).addTo(findings);
    new ValueChecks(answer, new Seal(null, List.of(), "user-configs"), Instant.now())
        .addTo(findings);

    assertThat(findings)
        .anyMatch(found -> found.inWords().startsWith("warning Date: expected the present time"))
        .anyMatch(found -> found.inWords().startsWith("FAILED  length: "));
  }

  @Test
  void revisionsThatGoBackAreSeen() {
    var requests = new AtomicInteger();
    String old = Digests.sha256(before);
    fault =
        (x, a) -> {
          if (a.isWhole() && requests.incrementAndGet() % 2 == 0) {
            a.body = before;
            a.with("ETag", "\"" + old + "\"");
            a.with("Satchel-SHA-256", old);
            a.with("Satchel-Revision", Long.toString(metadata.revision() - 1));
          }
        };
    SatchelRun satchel = satchel();

    assertThat(satchel.run("check-source", "--json", address())).isEqualTo(1);

    assertThat(wrong(satchel, "failed")).containsKey("revisions");
  }

  @Test
  void aTokenThatNobodyAsksForAndNoTokenAtAllAreTold() {
    fault =
        (x, a) -> {
          if (a.status == 401 && x.getRequestURI().getPath().equals(PATH)) {
            a.status = 200;
            whole(x, a);
          }
        };
    SatchelRun satchel = satchel();
    assertThat(satchel.run("check-source", "--json", address())).isEqualTo(1);
    assertThat(wrong(satchel, "failed")).containsOnlyKeys("no token", "a wrong token");

    fault = Fault.NONE;
    SatchelRun without = bench.satchel();
    assertThat(without.run("check-source", address())).isEqualTo(1);
    assertThat(without.out()).contains("set SATCHEL_SOURCE_TOKEN to the token");
  }

  @Test
  void aPlainFileServerLacksOnlyAnEtag() {
    fault =
        (x, a) -> {
          if (x.getRequestURI().getPath().equals(PATH)) {
            a.status = 200;
            a.body = value;
            a.headers.clear();
            a.with("Last-Modified", "Sat, 28 Nov 2026 09:00:00 GMT");
            a.with("Content-Type", "application/octet-stream");
            a.with("Content-Length", Integer.toString(value.length));
          } else {
            a.status(404);
          }
        };
    SatchelRun satchel = bench.satchel();

    assertThat(satchel.run("check-source", "--json", address())).isEqualTo(1);

    assertThat(wrong(satchel, "failed")).containsOnlyKeys("ETag");
  }

  @Test
  void theRestContractOfKvLacksAnEtagToo() {
    String kv =
        "%s/accounts/local/storage/kv/namespaces/local/values/user-configs"
            .formatted(bench.env().get("CLOUDFLARE_API_BASE_URL"));
    SatchelRun satchel = bench.satchel().and("SATCHEL_SOURCE_TOKEN", "local");

    assertThat(satchel.run("check-source", "--json", kv)).isEqualTo(1);

    assertThat(wrong(satchel, "failed")).containsKey("ETag");
  }

  @Test
  void whatIsNoAddressIsWrongUsageAndNotShown() {
    for (String wrong :
        List.of(
            "ftp://a-marked-secret", "user-configs", "https://a:a-marked-secret@b/", "http://[")) {
      SatchelRun satchel = bench.satchel();

      assertThat(satchel.run("check-source", wrong)).isEqualTo(2);
      assertThat(satchel.err()).startsWith("satchel: URL: expected ").doesNotContain("a-marked");
    }
    assertThat(bench.satchel().run("check-source")).isEqualTo(2);
    assertThat(bench.satchel().run("check-source", "http://127.0.0.1:1/x")).isEqualTo(1);
  }

  @Test
  void theSameValueIsExpectedOverHttp2(@TempDir Path folder) throws Exception {
    var certificates = Certificates.create(folder);
    var tls =
        await(
            SharedDatabase.vertx()
                .createHttpServer(
                    new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(
                            new PemKeyCertOptions()
                                .setCertPath(certificates.pem("root").toString())
                                .setKeyPath(certificates.keyPem("root").toString())))
                .requestHandler(
                    request ->
                        request
                            .response()
                            .putHeader("ETag", "\"" + metadata.sha256() + '"')
                            .end(Buffer.buffer(value)))
                .listen(0, "127.0.0.1"));
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(trusting(certificates.pem("root")));
    SatchelRun satchel = satchel();
    try {
      satchel.run("check-source", "--json", "https://127.0.0.1:" + tls.actualPort() + PATH);
    } finally {
      SSLContext.setDefault(before);
      await(tls.close());
    }

    assertThat(satchel.out()).contains("\"found\":\"the same value\"", "\"found\":\"https\"");
    assertThat(wrong(satchel, "failed")).doesNotContainKeys("HTTP/2", "answer", "value");
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      keys.setCertificateEntry(
          "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void aSignatureIsCheckedIfKeysAreSet(@TempDir Path keys) {
    SatchelRun keygen = bench.satchel();
    assertThat(keygen.run("keygen", keys.resolve("key.pem").toString())).isZero();
    SatchelRun satchel = satchel().and("SATCHEL_PUBLIC_KEYS", keygen.out().strip());

    assertThat(satchel.run("check-source", "--json", address())).isEqualTo(1);

    assertThat(wrong(satchel, "failed")).containsOnlyKeys("signature");
  }
}
