package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.satchel.kv.MemoryKv;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client adds no allocation to what the snapshot's own lookup makes. */
final class ZeroAllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int LOOKUPS = 100_000;
  private static final String FLAG = "preview_features_enabled";

  private interface Lookup {
    boolean at(int i);
  }

  @Test
  void theClientAllocatesNothingOfItsOwnForABoolean() {
    UUID[] uuids = IntStream.range(0, 1024).mapToObj(i -> UUID.randomUUID()).toArray(UUID[]::new);
    var users = new HashMap<UUID, Map<String, Boolean>>();
    for (int i = 0; i < 512; i++) {
      users.put(uuids[i], Map.of(FLAG, i % 2 == 0));
    }
    String[] texts = new String[uuids.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = uuids[i].toString();
    }
    var kv = new MemoryKv();
    Publication publication = Publication.of(1, users);
    publication.putTo(kv, ConfigClientOptions.DEFAULT_KEY);
    Vertx vertx = Vertx.vertx();
    ConfigClient client = await(ConfigClient.open(vertx, kv, ConfigClientOptions.defaults()));
    BooleanField handle = client.booleanField(FLAG);
    Snapshot snapshot = Snapshot.open(publication.value().getBytes());
    Field field = snapshot.field(FLAG);
    assertThat(field).isNotNull();

    long byUuid = bytes(i -> flag(field, snapshot.find(uuids[i & 1023])));
    long byText = bytes(i -> flag(field, snapshot.find(texts[i & 1023])));
    long byNumber = bytes(i -> flag(field, snapshot.find((long) i)));

    assertThat(bytes(i -> client.getBoolean(uuids[i & 1023], FLAG, false))).isEqualTo(byUuid);
    assertThat(bytes(i -> client.getBoolean(texts[i & 1023], FLAG, false))).isEqualTo(byText);
    assertThat(bytes(i -> client.getBoolean((long) i, FLAG, false))).isEqualTo(byNumber);
    assertThat(bytes(i -> handle.get(uuids[i & 1023], false))).isEqualTo(byUuid);
    assertThat(bytes(i -> handle.get(texts[i & 1023], false))).isEqualTo(byText);
    assertThat(bytes(i -> handle.get((long) i, false))).isEqualTo(byNumber);
    await(vertx.close());
  }

  private static boolean flag(Field field, int user) {
    return user >= 0 && field.booleanAt(user, false);
  }

  /** Allocated by each lookup, rounded: a few bytes for 100,000 lookups are the JVM's own. */
  private static long bytes(Lookup lookup) {
    int trues = 0;
    for (int i = 0; i < WARM_UP; i++) {
      trues += lookup.at(i) ? 1 : 0;
    }
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < LOOKUPS; i++) {
      trues += lookup.at(i) ? 1 : 0;
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(trues).isNotNegative();
    return Math.round((double) allocated / LOOKUPS);
  }
}
