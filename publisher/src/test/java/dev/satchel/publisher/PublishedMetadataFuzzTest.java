package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever lies beside a snapshot, the publisher reads it or passes over it. A build runs this over
 * its corpus only, which is beside it in the resources; to search for a minute:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl publisher -am test -Dtest=PublishedMetadataFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class PublishedMetadataFuzzTest {
  @FuzzTest(maxDuration = "1m")
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void whateverTheMetadataSaysItIsReadOrPassedOver(byte[] input) {
    JsonObject metadata;
    try {
      metadata = new JsonObject(Buffer.buffer(input));
    } catch (DecodeException | ClassCastException noObject) {
      return; // the client of the store has refused it before
    }
    SnapshotMetadata.fromJson(metadata)
        .ifPresent(
            read ->
                assertThat(SnapshotMetadata.fromJson(read.toJson()))
                    .as("what was read, written and read again")
                    .contains(read));
  }
}
