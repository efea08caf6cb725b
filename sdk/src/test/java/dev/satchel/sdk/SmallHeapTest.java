package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A refresh over HTTP, in a heap that has no room for one more copy of anything. */
final class SmallHeapTest {
  private static final int USERS = 150_000;
  private static final int REFRESHES = 100;
  private static final int MIB = 1 << 20;

  // what an application with one client keeps that is neither value nor snapshot, and the young
  // generation; together with less than half a value to spare
  private static final int YOUNG_MIB = 4;
  private static final int FIXED_MIB = 18;

  private byte[] value = new byte[0];
  private long revision;

  @Test
  void aHundredRefreshesFitIntoTheValueAndOneSnapshotBesideTheOneInUse() throws Exception {
    value = value();
    long opened = Snapshot.open(value).sections().stream().mapToLong(Section::openedBytes).sum();
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    long heapMib = (value.length + 2 * opened) / MIB + 1 + FIXED_MIB;

    ChildJvm child =
        ChildJvm.run(
            List.of(
                "-Xmx" + heapMib + "m",
                "-Xmn" + YOUNG_MIB + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError"),
            SmallHeapApp.class,
            "http://127.0.0.1:" + server.actualPort() + "/client/v4",
            Integer.toString(REFRESHES));

    assertThat(child.status())
        .as("value %d, opened %d, heap %d MiB: %s", value.length, opened, heapMib, child.said())
        .isZero();
    await(server.close());
    await(vertx.close());
  }

  /** Each look at the metadata finds the next revision. */
  private synchronized void answer(HttpServerRequest request) {
    if (request.path().contains("/metadata/")) {
      revision++;
      renumber();
      var metadata =
          new JsonObject()
              .put("revision", revision)
              .put("sha256", HexFormat.of().formatHex(sha256(value, 0)))
              .put("bytes", value.length);
      request
          .response()
          .end(new JsonObject().put("success", true).put("result", metadata).encode());
    } else {
      request.response().end(Buffer.buffer(value));
    }
  }

  /** The same content under the next revision: encoding it anew would take most of the test. */
  private void renumber() {
    for (int i = 0; i < Long.BYTES; i++) {
      value[52 + i] = (byte) (revision >>> (8 * i));
    }
    int headerBytes = 8 + (value[4] & 0xFF) + ((value[5] & 0xFF) << 8) + ((value[6] & 0xFF) << 16);
    byte[] header = java.util.Arrays.copyOf(value, headerBytes);
    System.arraycopy(sha256(header, 52), 0, value, 20, 32);
  }

  private static byte[] sha256(byte[] bytes, int from) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, from, bytes.length - from);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] value() {
    var random = new Random(42);
    var encoder = new SnapshotEncoder(List.of("number"));
    for (long id = 0; id < USERS; id++) {
      encoder.add(id == 0 ? 0L : random.nextLong(), new Object[] {random.nextLong()});
    }
    return encoder.encode(1, Instant.parse("2026-03-01T12:00:00Z"));
  }
}
