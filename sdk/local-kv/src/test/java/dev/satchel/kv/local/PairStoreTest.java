package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays of pairs when files are cut, spoilt or left over, and when garbage is removed. */
class PairStoreTest {
  private static final int NEVER_COMPACT = Integer.MAX_VALUE;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();

  @Test
  void aLogCutAnywhereKeepsEveryPairThatIsWhole() throws IOException {
    Namespace namespace;
    try (PairStore store = open(NEVER_COMPACT)) {
      namespace = store.createNamespace("a", "t");
      put(store, namespace, "first", "1".repeat(50));
    }
    Path log = log();
    long firstEnd = Files.size(log);
    try (PairStore store = open(NEVER_COMPACT)) {
      put(store, namespace, "second", "2".repeat(50));
    }
    byte[] whole = Files.readAllBytes(log);

    for (int length = (int) firstEnd; length < whole.length; length++) {
      Files.write(log, Arrays.copyOf(whole, length));
      try (PairStore store = open(NEVER_COMPACT)) {
        assertThat(get(store, namespace, "first")).isEqualTo("1".repeat(50));
        assertThat(get(store, namespace, "second")).as("cut at %d", length).isNull();
        put(store, namespace, "third", "3");
      }
      try (PairStore store = open(NEVER_COMPACT)) {
        assertThat(get(store, namespace, "third")).isEqualTo("3");
      }
    }
  }

  @Test
  void aSpoiltByteIsNoticedAndNeverServed() throws IOException {
    Namespace namespace;
    try (PairStore store = open(NEVER_COMPACT)) {
      namespace = store.createNamespace("a", "t");
      put(store, namespace, "k", "value");
      byte[] bytes = Files.readAllBytes(log());
      bytes[bytes.length - 1] ^= 1;
      Files.write(log(), bytes);
      assertThatThrownBy(() -> get(store, namespace, "k")).hasMessageContaining("checksum");
    }

    try (PairStore store = open(NEVER_COMPACT)) {
      assertThat(get(store, namespace, "k")).isNull();
    }
  }

  @Test
  void aLogThatIsNotOursIsNotTouched() throws IOException {
    Files.writeString(directory.resolve("pairs-3.log"), "somebody's diary");

    assertThatThrownBy(() -> open(NEVER_COMPACT)).hasMessageContaining("another file");

    assertThat(Files.readString(directory.resolve("pairs-3.log"))).isEqualTo("somebody's diary");
  }

  @Test
  void whatACrashedCompactionLeftIsRemovedAndOtherFilesAreIgnored() throws IOException {
    Namespace namespace;
    try (PairStore store = open(NEVER_COMPACT)) {
      namespace = store.createNamespace("a", "t");
      put(store, namespace, "k", "v");
    }
    Files.writeString(directory.resolve("pairs-2.log.part"), "half");
    Files.writeString(directory.resolve("pairs-0.log"), "outdated");
    Files.writeString(directory.resolve("notes.txt"), "mine");

    try (PairStore store = open(NEVER_COMPACT)) {
      assertThat(get(store, namespace, "k")).isEqualTo("v");
    }

    assertThat(names()).containsExactly("lock", "notes.txt", "pairs-1.log");
  }

  @Test
  void garbageIsRemovedWhileTheStoreIsOpenAndNothingElse() throws IOException {
    Namespace namespace;
    try (PairStore store = open(10_000)) {
      namespace = store.createNamespace("a", "t");
      put(store, namespace, "kept", "kept");
      put(store, namespace, "deleted", "d".repeat(1_000));
      delete(store, namespace, "deleted");
      for (int i = 0; i < 200; i++) {
        put(store, namespace, "rewritten", "x".repeat(1_000) + i);
        assertThat(get(store, namespace, "rewritten")).endsWith("x" + i);
      }
      assertThat(Files.size(log())).isLessThan(12_000);
      assertThat(get(store, namespace, "kept")).isEqualTo("kept");
    }

    try (PairStore store = open(10_000)) {
      assertThat(store.namespaces("a")).containsExactly(namespace);
      assertThat(get(store, namespace, "kept")).isEqualTo("kept");
      assertThat(get(store, namespace, "deleted")).isNull();
      assertThat(get(store, namespace, "rewritten")).endsWith("x199");
      assertThat(names()).hasSize(2);
    }
  }

  @Test
  void expiredPairsArePurgedAndDoNotUncoverOlderOnes() throws IOException {
    Namespace namespace;
    try (PairStore store = open(NEVER_COMPACT)) {
      namespace = store.createNamespace("a", "t");
      put(store, namespace, "k", "lasting");
      long end = clock.instant().getEpochSecond() + 60;
      try (PairStore.Batch batch = store.begin(namespace)) {
        batch.put(namespace, bytes("k"), new Pair(bytes("short-lived"), null, end));
        batch.commit();
      }
      clock.pass(Duration.ofSeconds(60));
      store.purge();
      assertThat(get(store, namespace, "k")).isNull();
    }
    try (PairStore store = open(NEVER_COMPACT)) {
      assertThat(get(store, namespace, "k")).isNull();
    }
    try (PairStore store = open(0)) {
      assertThat(get(store, namespace, "k")).isNull();
      assertThat(Files.size(log())).isLessThan(100);
    }
  }

  @Test
  void aBatchThatIsNotCommittedNeverWas() throws IOException {
    Namespace namespace;
    try (PairStore store = open(NEVER_COMPACT)) {
      namespace = store.createNamespace("a", "t");
      long before = Files.size(log());
      try (PairStore.Batch batch = store.begin(namespace)) {
        // more than the log holds back, so that it has to be taken back from the file
        batch.put(namespace, bytes("k"), new Pair(new byte[3_000_000], null, Pair.NEVER));
      }
      assertThat(Files.size(log())).isEqualTo(before);
      assertThat(get(store, namespace, "k")).isNull();
      put(store, namespace, "l", "v");
    }
    try (PairStore store = open(NEVER_COMPACT)) {
      assertThat(get(store, namespace, "k")).isNull();
      assertThat(get(store, namespace, "l")).isEqualTo("v");
    }
  }

  private PairStore open(int smallestLogToCompactBytes) throws IOException {
    return PairStore.open(directory, clock, smallestLogToCompactBytes);
  }

  private Path log() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void put(PairStore store, Namespace namespace, String key, String value)
      throws IOException {
    try (PairStore.Batch batch = store.begin(namespace)) {
      batch.put(namespace, bytes(key), new Pair(bytes(value), null, Pair.NEVER));
      batch.commit();
    }
  }

  private static void delete(PairStore store, Namespace namespace, String key) throws IOException {
    try (PairStore.Batch batch = store.begin(namespace)) {
      batch.delete(namespace, bytes(key));
      batch.commit();
    }
  }

  private static @Nullable String get(PairStore store, Namespace namespace, String key)
      throws IOException {
    Pair pair = store.read(namespace, bytes(key));
    return pair == null ? null : new String(pair.value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
