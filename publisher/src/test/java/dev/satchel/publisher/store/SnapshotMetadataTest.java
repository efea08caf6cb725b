package dev.satchel.publisher.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SnapshotMetadataTest {
  private static final String SHA256 = "ab".repeat(32);

  private static JsonObject whole() {
    return new JsonObject()
        .put("revision", 1_772_366_400_000L)
        .put("contentHash", SHA256)
        .put("sha256", SHA256)
        .put("users", 3)
        .put("bytes", 500)
        .put("publishedAt", "2026-03-01T12:00:00Z")
        .put("formatVersion", 1)
        .put("host", "vm")
        .put("change", new UsersChange(1, 0, 2).toJson())
        .put("rolledBackTo", 5)
        .put("hold", new JsonObject().put("by", "ops").put("since", "never").put("why", "x"))
        .put("signedBy", "0011223344556677");
  }

  @Test
  void whateverAMemberIsTheWholeIsReadOrPassedOver() {
    for (String member : whole().fieldNames()) {
      for (Object odd :
          Arrays.asList(
              null,
              true,
              "",
              "x",
              -1,
              0,
              1.5,
              1e300,
              Long.MAX_VALUE,
              BigInteger.TWO.pow(80),
              new JsonArray().add(1),
              new JsonObject().put("added", "x"))) {
        SnapshotMetadata.fromJson(new JsonObject(whole().put(member, odd).encode()))
            .ifPresent(
                read ->
                    assertThat(SnapshotMetadata.fromJson(read.toJson()))
                        .as("%s being %s, written and read again", member, odd)
                        .contains(read));
      }
      JsonObject without = whole();
      without.remove(member);
      assertThat(SnapshotMetadata.fromJson(without).isPresent())
          .as("read without %s", member)
          .isEqualTo(
              !Arrays.asList("revision", "contentHash", "sha256", "publishedAt").contains(member));
    }
  }
}
