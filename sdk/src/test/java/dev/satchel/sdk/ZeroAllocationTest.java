package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.satchel.sdk.source.MemorySource;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lookups of booleans and of what was bound before allocate nothing at all. */
final class ZeroAllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int LOOKUPS = 100_000;
  private static final String FLAG = "preview_features_enabled";

  private interface Lookup {
    boolean at(int i);
  }

  record Settings(boolean previewFeaturesEnabled) {}

  private ConfigClient open(Map<?, Map<String, Boolean>> users) {
    var source = MemorySource.of(Publication.of(1, users).value().clone());
    return await(ConfigClient.open(source, ConfigClientOptions.defaults()));
  }

  @Test
  void aBooleanByUuidByItsSpellingAndOfNobodyCostsNoByte() {
    UUID[] uuids = IntStream.range(0, 1024).mapToObj(i -> UUID.randomUUID()).toArray(UUID[]::new);
    String[] texts = Arrays.stream(uuids).map(UUID::toString).toArray(String[]::new);
    var users = new HashMap<UUID, Map<String, Boolean>>();
    for (int i = 0; i < 512; i++) {
      users.put(uuids[i], Map.of(FLAG, i % 2 == 0));
    }
    ConfigClient client = open(users);
    BooleanField handle = client.booleanField(FLAG);
    ConfigView view = client.view();

    assertThat(bytes(i -> client.getBoolean(uuids[i & 1023], FLAG, false))).isZero();
    assertThat(bytes(i -> client.getBoolean(texts[i & 1023], FLAG, false))).isZero();
    assertThat(bytes(i -> client.getBoolean((long) i, FLAG, false))).isZero();
    assertThat(bytes(i -> handle.get(uuids[i & 1023], false))).isZero();
    assertThat(bytes(i -> handle.get(texts[i & 1023], false))).isZero();
    assertThat(bytes(i -> handle.get((long) i, false))).isZero();
    assertThat(bytes(i -> view.getBoolean(uuids[i & 1023], FLAG, false))).isZero();
  }

  @Test
  void aBooleanByIntegerAndByTextCostsNoByte() {
    var numbers = new HashMap<Long, Map<String, Boolean>>();
    var texts = new HashMap<String, Map<String, Boolean>>();
    String[] names = new String[1024];
    for (int i = 0; i < 1024; i++) {
      names[i] = "user %d of %s".formatted(i, Integer.toHexString(i * 0x9E3779B1));
      if (i < 512) {
        numbers.put(1_000_000L + 7L * i, Map.of(FLAG, i % 3 == 0));
        texts.put(names[i], Map.of(FLAG, i % 3 == 0));
      }
    }
    ConfigClient byNumber = open(numbers);
    ConfigClient byText = open(texts);
    BooleanField numberHandle = byNumber.booleanField(FLAG);
    BooleanField textHandle = byText.booleanField(FLAG);

    assertThat(bytes(i -> byNumber.getBoolean(1_000_000L + (i & 4095), FLAG, false))).isZero();
    assertThat(bytes(i -> numberHandle.get(1_000_000L + (i & 4095), false))).isZero();
    assertThat(bytes(i -> byText.getBoolean(names[i & 1023], FLAG, false))).isZero();
    assertThat(bytes(i -> textHandle.get(names[i & 1023], false))).isZero();
  }

  @Test
  void aUserThatWasBoundBeforeCostsNoByte() {
    var users = new HashMap<Long, Map<String, Boolean>>();
    for (long id = 0; id < 512; id++) {
      users.put(id, Map.of(FLAG, id % 2 == 0));
    }
    ConfigClient client = open(users);

    assertThat(
            bytes(
                i -> client.config(i & 511, Settings.class).orElseThrow().previewFeaturesEnabled()))
        .isZero();
  }

  /** Written so that no compiler drops the lookups as unused. */
  @SuppressWarnings("unused")
  private static volatile int lastTrues;

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
    lastTrues = trues;
    return Math.round((double) allocated / LOOKUPS);
  }
}
