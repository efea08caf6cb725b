package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.Digests;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.sdk.ClientStatus.Fetched;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.HttpSource;
import dev.satchel.snapshot.SnapshotEncoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against an HTTP server that names the value, and the patch to it, in its headers. */
final class HttpPatchesTest {
  private static final int USERS = 2_000;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> patches = new ConcurrentHashMap<>();
  private final boolean[] flags = new boolean[USERS];
  private volatile int headStatus = 200;
  private volatile byte[] value = new byte[0];
  private volatile long revision = 10;
  private volatile @Nullable PublishedPatch patch;
  private volatile String patchHeader = "from=%d; bytes=%d; sha256=%s";
  private HttpServer server;
  private @Nullable ConfigClient opened;

  @BeforeEach
  void publishTheFirst() {
    server = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    publish(0);
  }

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
    await(server.close());
    await(vertx.close());
  }

  private void answer(HttpServerRequest request) {
    asked.add(request.method() + " " + request.uri());
    byte[] found = patches.get(request.path());
    boolean isHead = request.method().name().equals("HEAD");
    if (found != null) {
      request.response().end(Buffer.buffer(found));
    } else if (request.path().endsWith(".patch")) {
      request.response().setStatusCode(404).end();
    } else if (isHead && headStatus != 200) {
      request.response().setStatusCode(headStatus).end();
    } else {
      answerWithValue(request, isHead);
    }
  }

  private void answerWithValue(HttpServerRequest request, boolean isHead) {
    String sha256 = Digests.sha256(value);
    var response =
        request
            .response()
            .putHeader("ETag", "\"" + sha256 + "\"")
            .putHeader("Satchel-SHA-256", sha256)
            .putHeader("Satchel-Revision", Long.toString(revision));
    PublishedPatch named = patch;
    if (named != null) {
      response.putHeader(
          "Satchel-Patch", patchHeader.formatted(named.from(), named.bytes(), named.sha256()));
    }
    if (("\"" + sha256 + "\"").equals(request.getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
    } else if (isHead) {
      response.putHeader("Content-Length", Integer.toString(value.length)).end();
    } else {
      response.end(Buffer.buffer(value));
    }
  }

  @Test
  void aChangeCostsAHeadAndThePatch() {
    open("/users?key=1");
    publish(7);
    asked.clear();

    refresh();
    refresh();

    assertIsInUse(Fetched.PATCH);
    assertThat(asked)
        .containsExactly(
            "HEAD /users?key=1",
            "GET /users@%d.patch?key=1".formatted(revision),
            "HEAD /users?key=1");
  }

  @Test
  void aClientThatIsBehindFollowsThePatches() {
    open("/users");
    publish(7);
    publish(8);
    publish(9);
    asked.clear();

    refresh();

    assertIsInUse(Fetched.PATCH);
    assertThat(asked).hasSize(4).first().isEqualTo("HEAD /users");
  }

  @Test
  void thePatchesOfAnAddressWithoutAPathLieOnTheSameServer() {
    open("");
    publish(7);

    refresh();

    assertIsInUse(Fetched.PATCH);
    assertThat(asked).endsWith("GET /@%d.patch".formatted(revision));
  }

  @Test
  void aPatchThatIsGoneOrWrongCostsOneFetchOfTheValue() {
    open("/users");
    publish(7);
    patches.clear();
    refresh();
    assertIsInUse(Fetched.VALUE);

    publish(8);
    patches.replaceAll((path, bytes) -> new byte[bytes.length]);
    refresh();
    assertIsInUse(Fetched.VALUE);

    publish(9);
    patches.replaceAll((path, bytes) -> new byte[10 * bytes.length]);
    refresh();
    assertIsInUse(Fetched.VALUE);
    publish(10);
    refresh();
    assertIsInUse(Fetched.PATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "from=%d",
        "from=-%d; bytes=%d; sha256=%s",
        "from=%d; bytes=%d000000000; sha256=%s",
        "from=%d; bytes=%d; sha256=%s0",
        "from=%d; bytes=%d; sha256=%s; from=1"
      })
  void aHeaderThatIsNotWellFormedNamesNoPatch(String header) {
    patchHeader = header;
    open("/users");
    publish(7);

    refresh();

    assertIsInUse(Fetched.VALUE);
    assertThat(asked).noneMatch(request -> request.contains(".patch"));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 405, 501})
  void aServerThatRefusesHeadIsAskedAsOneThatKnowsNoPatches(int status) {
    headStatus = status;
    open("/users");
    publish(7);

    refresh();

    assertIsInUse(Fetched.VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void aServerThatIsBusyIsNotAskedTwice(int status) {
    open("/users");
    publish(7);
    asked.clear();
    headStatus = status;

    refresh();

    assertThat(asked).containsExactly("HEAD /users");
    assertThat(client().status().lastFailure()).contains("found " + status);
  }

  private void open(String path) {
    opened =
        ConfigClient.openBlocking(
            HttpSource.of(URI.create("http://127.0.0.1:" + server.actualPort() + path)),
            ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build());
  }

  private ConfigClient client() {
    return java.util.Objects.requireNonNull(opened);
  }

  private void refresh() {
    client().refreshBlocking();
  }

  private void assertIsInUse(Fetched fetched) {
    ClientStatus status = client().status();
    assertThat(status.lastFailure()).isNull();
    assertThat(status.state()).isEqualTo(State.FRESH);
    assertThat(status.revision()).isEqualTo(revision);
    assertThat(status.fetched()).isEqualTo(fetched);
    for (int user = 0; user < USERS; user++) {
      assertThat(client().getBoolean(id(user), "flag", !flags[user])).isEqualTo(flags[user]);
    }
  }

  /** Publishes a revision in which one user's flag differs from the one before. */
  private void publish(int user) {
    flags[user] ^= true;
    byte[] before = value;
    PublishedPatch earlier = patch;
    long next = revision + 1;
    byte[] after = encode(next);
    if (before.length > 0) {
      byte[] bytes = Publication.patch(before, after, earlier);
      patch = new PublishedPatch(revision, bytes.length, Digests.sha256(bytes));
      for (String path : new String[] {"/users", "/"}) {
        patches.put(PublishedPatch.key(path, next), bytes);
      }
    }
    revision = next;
    value = after;
  }

  private byte[] encode(long asRevision) {
    var encoder = new SnapshotEncoder(List.of("flag", "note"));
    var random = new Random(3);
    for (int user = 0; user < USERS; user++) {
      encoder.add(id(user), new Object[] {flags[user], Long.toString(random.nextLong(), 36)});
    }
    return encoder.encode(asRevision, Publication.PUBLISHED_AT);
  }

  private static String id(int user) {
    return "user-" + user;
  }
}
