package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.satchel.kv.MemoryKv;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever metadata lies beside a snapshot, it announces one or is refused in one line. A build
 * runs this over its corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl sdk -am test -Dtest=MetadataFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class MetadataFuzzTest {
  @FuzzTest
  @Timeout(10)
  void whateverTheMetadataSaysItAnnouncesARevisionOrIsRefused(byte[] input) {
    JsonObject metadata;
    try {
      metadata = new JsonObject(Buffer.buffer(input));
    } catch (DecodeException | ClassCastException noObject) {
      return; // the client of the store has refused it before
    }
    var kv = new MemoryKv();
    kv.put("k", Buffer.buffer(), metadata);

    var found = SnapshotSource.of(kv, "k").announcement();

    if (found.succeeded()) {
      Announcement announced = found.result().orElseThrow();
      assertThat(announced.revision()).isPositive();
      assertThat(announced.sha256()).matches("[0-9a-f]{64}");
    } else {
      Future<?> refused = found;
      assertThat(refused.cause()).isInstanceOf(RefusedException.class);
    }
  }
}
