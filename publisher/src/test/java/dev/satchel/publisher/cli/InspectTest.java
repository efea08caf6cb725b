package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.SatchelRun;
import dev.satchel.snapshot.SnapshotEncoder;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newer Satchel wrote is listed as far as this one can read it. */
class InspectTest {
  @TempDir private Path folder;

  @Test
  void aFieldOfAnUnknownCodecIsListedAndSaidNotToOpen() throws Exception {
    Path file = Files.write(folder.resolve("newer"), snapshotWithUnknownCodec());
    SatchelRun satchel = SatchelRun.with(Map.of());

    assertThat(satchel.run("inspect", file.toString())).isEqualTo(1);
    assertThat(satchel.out())
        .contains("plan", "dictionarz", "known")
        .contains("cannot be opened: expected a codec that this reader knows but found dictionarz");

    assertThat(satchel.run("inspect", "--json", file.toString())).isEqualTo(1);
    JsonObject plan = new JsonObject(satchel.out()).getJsonArray("sections").getJsonObject(1);
    assertThat(plan.getString("codec")).isEqualTo("dictionarz");
    assertThat(plan.getString("problem")).contains("dictionarz");
    assertThat(plan.getLong("valueBytes")).isPositive();
  }

  /** The name of the first field's codec changed, and the header's two digests with it. */
  private static byte[] snapshotWithUnknownCodec() throws Exception {
    SnapshotEncoder encoder = new SnapshotEncoder(List.of("plan", "known"));
    for (long user = 0; user < 100; user++) {
      encoder.add(user, new Object[] {user % 7 == 0 ? "free" : user % 3 == 0 ? "pro" : "team", 1L});
    }
    byte[] value = encoder.encode(1, Instant.EPOCH);
    byte[] known = "dictionary".getBytes(StandardCharsets.UTF_8);
    int at = new String(value, StandardCharsets.ISO_8859_1).indexOf("dictionary");
    value[at + known.length - 1] = 'z';
    int headerEnd = 8 + ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    digest(value, 100, headerEnd, 68); // the content hash
    digest(value, 52, headerEnd, 20); // the header's digest
    return value;
  }

  private static void digest(byte[] value, int from, int to, int into) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(value, from, to - from);
    System.arraycopy(sha256.digest(), 0, value, into, 32);
  }
}
