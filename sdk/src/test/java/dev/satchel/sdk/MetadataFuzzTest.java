package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.satchel.kv.MemoryKv;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.source.SourceException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
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
  void whateverTheMetadataSaysItAnnouncesARevisionOrIsRefused(byte[] input) throws Exception {
    Map<String, Object> metadata;
    try {
      metadata = new JsonObject(Buffer.buffer(input)).getMap();
    } catch (DecodeException | ClassCastException noObject) {
      return; // the client of the store has refused it before
    }
    var kv = new MemoryKv();
    kv.put("k", new byte[0], metadata);

    try {
      Announcement announced = SnapshotSource.of(kv, "k").announcement().orElseThrow();
      assertThat(announced.revision()).isPositive();
      assertThat(announced.sha256()).matches("[0-9a-f]{64}");
    } catch (SourceException refused) {
      assertThat(refused).hasMessageContaining("expected a revision and a sha256");
    }
  }
}
