package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.satchel.kv.KvReader;
import dev.satchel.kv.MemoryKv;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.testkit.TestSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConfigClientTest {
  private static final String KEY = ConfigClientOptions.DEFAULT_KEY;
  private static final String FLAG = "preview_features_enabled";

  private final MemoryKv kv = new MemoryKv();
  private volatile Instant now = Instant.parse("2026-03-01T13:00:00Z");

  @BeforeEach
  void publishTheFirst() {
    Publication.ofFlag(7, "alice", true).putTo(kv, KEY);
  }

  /** Polls so seldom that only refreshNow() makes attempts after the first. */
  private ConfigClientOptions.Builder options() {
    return ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).clock(() -> now);
  }

  private ConfigClient open() {
    return await(Waiting.opening(kv, options().build()));
  }

  @Test
  void servesWhatIsPublishedOnceItIsOpen() {
    ConfigClient client = open();

    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
    assertThat(client.status())
        .isEqualTo(
            new ClientStatus(
                State.FRESH,
                now,
                7,
                1,
                Publication.PUBLISHED_AT,
                Instant.parse("2026-03-01T13:00:00Z"),
                null,
                List.of(),
                ClientStatus.Fetched.VALUE,
                Publication.ofFlag(7, "alice", true).value().length));
  }

  @Test
  void answersTheCallersDefaultForUsersAndFieldsThatAreNotThere() {
    ConfigClient client = open();

    assertThat(client.getBoolean("nobody", FLAG, true)).isTrue();
    assertThat(client.getBoolean("alice", "no_such_field", true)).isTrue();
    assertThat(client.getLong("alice", FLAG, 42)).isEqualTo(42);
  }

  @Test
  void takesOverANewRevision() {
    ConfigClient client = open();
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);

    ClientStatus status = await(client.refreshNow());

    assertThat(status.revision()).isEqualTo(8);
    assertThat(client.getBoolean("alice", FLAG, true)).isFalse();
  }

  @Test
  void fetchesTheValueOnlyWhenItsDigestDiffers() {
    ConfigClient client = open();

    for (int i = 0; i < 5; i++) {
      await(client.refreshNow());
    }

    assertThat(kv.metadataReads()).isEqualTo(6);
    assertThat(kv.valueReads()).isEqualTo(1);
  }

  @Test
  void pollsByItself() {
    ConfigClient client =
        await(Waiting.opening(kv, options().pollInterval(Duration.ofMillis(20)).build()));
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);

    until("revision 8 in use", () -> client.view().revision() == 8);
  }

  @Test
  void aViewKeepsItsRevisionWhileTheClientMovesOn() {
    ConfigClient client = open();
    ConfigView before = client.view();
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);

    await(client.refreshNow());

    assertThat(before.revision()).isEqualTo(7);
    assertThat(before.getBoolean("alice", FLAG, false)).isTrue();
    assertThat(client.view().revision()).isEqualTo(8);
  }

  @Test
  void keepsTheLastGoodViewThroughEveryFaultAndHealsByItself() {
    ConfigClient client = open();
    Publication next = Publication.ofFlag(8, "alice", false);

    kv.set(MemoryKv.Mode.REFUSING);
    expectStale(client, "expected status 200 but found 503");
    kv.set(MemoryKv.Mode.THROWING);
    expectStale(client, "thrown, not answered");
    kv.set(MemoryKv.Mode.SOUND);

    kv.remove(KEY);
    expectStale(client, "nothing is published under key 'user-configs'");
    kv.put(KEY, next.value(), null);
    expectStale(client, "nothing is published under key 'user-configs'");
    kv.put(KEY, next.value(), Map.of("revision", "8"));
    expectStale(client, "expected a revision and a sha256 in the metadata");

    byte[] flipped = next.value().clone();
    flipped[flipped.length / 2] ^= 1;
    new Publication(flipped, next.metadata()).putTo(kv, KEY);
    expectStale(client, "expected a value with sha256 " + next.sha256());
    new Publication(Arrays.copyOf(next.value(), 40), next.metadata()).putTo(kv, KEY);
    expectStale(client, "in 40 bytes");
    new Publication(new byte[0], next.metadata()).putTo(kv, KEY);
    expectStale(client, "in 0 bytes");
    Publication.announcing(9, next.value().clone()).putTo(kv, KEY);
    expectStale(client, "expected revision 9 under key 'user-configs' but found 8");
    Publication.announcing(10, new byte[26_214_401]).putTo(kv, KEY);
    expectStale(client, "expected a value of at most 26214400 bytes");

    next.putTo(kv, KEY);
    ClientStatus healed = await(client.refreshNow());
    assertThat(healed.state()).isEqualTo(State.FRESH);
    assertThat(healed.lastFailure()).isNull();
    assertThat(client.getBoolean("alice", FLAG, true)).isFalse();
  }

  private static void expectStale(ConfigClient client, String reason) {
    ClientStatus status = await(client.refreshNow());
    assertThat(status.state()).isEqualTo(State.STALE);
    assertThat(status.lastFailure()).contains(reason);
    assertThat(status.revision()).isEqualTo(7);
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
  }

  @Test
  void refusesALowerRevisionThanTheOneItHolds() {
    ConfigClient client = open();
    Publication.ofFlag(6, "alice", false).putTo(kv, KEY);

    ClientStatus status = await(client.refreshNow());

    assertThat(status.lastFailure())
        .isEqualTo(
            "expected a revision above 7, which is in use, but found 6 under key 'user-configs'");
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
    assertThat(kv.valueReads()).isEqualTo(1);
  }

  @Test
  void doesNotFetchAgainWhatItFoundToBeNoSnapshot() {
    ConfigClient client = open();
    Publication.announcing(8, new byte[] {1, 2, 3}).putTo(kv, KEY);

    String first = await(client.refreshNow()).lastFailure();
    String second = await(client.refreshNow()).lastFailure();

    assertThat(first).contains("no sound snapshot under key 'user-configs'").isEqualTo(second);
    assertThat(kv.valueReads()).isEqualTo(2);
  }

  @Test
  void goesOnWhateverASourceThrows() {
    var failures = new LinkedBlockingQueue<Throwable>();
    SnapshotSource kvSource = SnapshotSource.of(kv, KEY);
    var source =
        new SnapshotSource() {
          @Override
          public Optional<Announcement> announcement() throws Exception {
            Throwable failure = failures.poll();
            if (failure instanceof Exception exception) {
              throw exception;
            } else if (failure instanceof Error error) {
              throw error;
            }
            return kvSource.announcement();
          }

          @Override
          public Optional<byte[]> value(Announcement announced) throws Exception {
            return kvSource.value(announced);
          }

          @Override
          public String toString() {
            return "a source of somebody's";
          }
        };
    ConfigClient client = ConfigClient.openBlocking(source, options().build());
    for (Throwable failure :
        List.of(
            new IOException("disk"),
            new AssertionError("a bug"),
            new OutOfMemoryError("heap"),
            new InterruptedException("by itself"))) {
      failures.add(failure);
      expectStale(client, String.valueOf(failure.getMessage()));
    }

    assertThat(client.refreshBlocking().state()).isEqualTo(State.FRESH);
    client.close();
  }

  @Test
  void givesUpOnASourceThatStalls() {
    ConfigClient client =
        await(Waiting.opening(kv, options().callTimeout(Duration.ofMillis(50)).build()));
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);
    kv.setForValues(MemoryKv.Mode.STALLED);

    expectStale(client, "expected the value of key 'user-configs' within 50 ms but nothing came");
  }

  @Test
  void remembersWhenTheSourceLastAgreedAndWhenTheStateBegan() {
    ConfigClient client = open();
    Instant opened = now;
    kv.set(MemoryKv.Mode.REFUSING);

    now = opened.plusSeconds(60);
    await(client.refreshNow());
    now = opened.plusSeconds(120);
    ClientStatus status = await(client.refreshNow());

    assertThat(status.lastChecked()).isEqualTo(opened);
    assertThat(status.since()).isEqualTo(opened.plusSeconds(60));
  }

  @Test
  void opensWithoutASourceAndServesDefaultsUntilItIsThere() {
    kv.set(MemoryKv.Mode.REFUSING);
    ConfigClient client =
        await(Waiting.opening(kv, options().startTimeout(Duration.ofMillis(50)).build()));
    assertThat(client.status().state()).isEqualTo(State.EMPTY);
    assertThat(client.status().isReady()).isFalse();
    assertThat(client.getBoolean("alice", FLAG, false)).isFalse();

    kv.set(MemoryKv.Mode.SOUND);
    await(client.refreshNow());

    assertThat(client.status().isReady()).isTrue();
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
  }

  @Test
  void opensWithinTheStartTimeoutThoughTheSourceStalls() {
    kv.set(MemoryKv.Mode.STALLED);

    ConfigClient client =
        await(Waiting.opening(kv, options().startTimeout(Duration.ofMillis(50)).build()));

    assertThat(client.status().state()).isEqualTo(State.EMPTY);
  }

  @Test
  void asksAgainWithinTheStartTimeoutWhatCouldNotBeReached() throws Exception {
    kv.set(MemoryKv.Mode.REFUSING);
    CompletableFuture<ConfigClient> opening =
        Waiting.opening(kv, options().whenNothing(WhenNothing.FAIL).build());
    until("a second attempt", () -> kv.metadataReads() >= 2);

    kv.set(MemoryKv.Mode.SOUND);

    assertThat(await(opening).view().revision()).isEqualTo(7);
  }

  @Test
  void failsToOpenWithoutASnapshotIfToldSo() {
    kv.set(MemoryKv.Mode.REFUSING);

    assertThatThrownBy(
            () ->
                await(
                    Waiting.opening(
                        kv,
                        options()
                            .whenNothing(WhenNothing.FAIL)
                            .startTimeout(Duration.ofMillis(50))
                            .build())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected a snapshot at start but expected status 200 but found 503");
  }

  @Test
  void waitsForTheFirstSnapshotIfToldSo() {
    kv.set(MemoryKv.Mode.REFUSING);
    CompletableFuture<ConfigClient> opening =
        Waiting.opening(
            kv,
            options().whenNothing(WhenNothing.WAIT).pollInterval(Duration.ofMillis(20)).build());
    until("a second attempt", () -> kv.metadataReads() >= 2);
    assertThat(opening.isDone()).isFalse();

    kv.set(MemoryKv.Mode.SOUND);

    assertThat(await(opening).view().revision()).isEqualTo(7);
  }

  @Test
  void holdsSeveralSnapshotsSideBySideEachUnderItsKey() {
    Publication.of(3, Map.of(42L, Map.of("reason", "spam"))).putTo(kv, "deny-list");
    ConfigClient users = open();
    ConfigClient denied = await(Waiting.opening(kv, options().key("deny-list").build()));

    assertThat(users.hasUser("alice")).isTrue();
    assertThat(users.hasUser(42)).isFalse();
    assertThat(denied.getString(42, "reason", "")).isEqualTo("spam");
  }

  @Test
  void stopsEverythingWhenClosedAndKeepsAnswering() {
    ConfigClient client = open();
    kv.setForValues(MemoryKv.Mode.STALLED);
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);
    CompletionStage<ClientStatus> underWay = client.refreshNow();

    client.close();
    client.close();

    assertThatThrownBy(() -> await(underWay)).hasMessage("the client is closed");
    assertThatThrownBy(() -> await(client.refreshNow())).hasMessage("the client is closed");
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
    assertThat(client.view().revision()).isEqualTo(7);
  }

  @Test
  void opensFromPlainBlockingCodeAndClosesItsSource() throws Exception {
    var closed = new AtomicInteger();
    SnapshotSource source = SnapshotSource.of(closing(closed), KEY, "a namespace");

    try (ConfigClient client = ConfigClient.openBlocking(source, options().build())) {
      assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
    }

    assertThat(closed.get()).isEqualTo(1);
  }

  private KvReader closing(AtomicInteger closed) {
    return new KvReader() {
      @Override
      public Optional<byte[]> value(String key, int expectedBytes) throws InterruptedException {
        return kv.value(key, expectedBytes);
      }

      @Override
      public Optional<Map<String, @Nullable Object>> metadata(String key)
          throws InterruptedException {
        return kv.metadata(key);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  @Test
  void refusesToWaitOnAnEventLoopAndInAListenerAndSaysWhatToCall() throws Exception {
    ConfigClient client = open();
    var refused = new CompletableFuture<Throwable>();
    client.onRefresh(report -> refused.complete(catchThrowable(client::refreshBlocking)));
    client.refreshNow();
    assertThat(await(refused))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a listener")
        .hasMessageContaining("call refreshNow");
    for (String loop : List.of("vert.x-eventloop-thread-0", "reactor-http-epoll-1")) {
      assertThatThrownBy(() -> openOn(loop))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("an event loop, on thread " + loop + ": call open");
    }
  }

  private void openOn(String threadName) throws Throwable {
    var thrown = new CompletableFuture<Throwable>();
    var thread =
        new Thread(
            () ->
                thrown.complete(
                    catchThrowable(
                        () ->
                            ConfigClient.openBlocking(
                                SnapshotSource.of(kv, KEY), options().build()))),
            threadName);
    thread.start();
    throw await(thrown);
  }

  @Test
  void refusesARevisionWhoseFieldInUseIsBrokenAndFetchesItOnce() {
    ConfigClient client = open();
    client.stringField("note");
    Publication.ofBrokenNotes(8).putTo(kv, KEY);

    expectStale(client, "no sound snapshot under key 'user-configs': expected a zstd frame");
    expectStale(client, "no sound snapshot under key 'user-configs': expected a zstd frame");

    assertThat(kv.valueReads()).isEqualTo(2);
  }

  @Test
  void aLookupOfABrokenFieldThatNobodyUsedBeforeAnswersTheDefault() {
    Publication.ofBrokenNotes(8).putTo(kv, KEY);
    try (var log = LoggedLines.open()) {
      ConfigClient client = open();
      assertThat(client.view().revision()).isEqualTo(8);

      assertThat(client.getString(7, "note", "none")).isEqualTo("none");
      assertThat(client.getString(8, "note", "none")).isEqualTo("none");
      assertThat(client.hasUser(7)).isTrue();
      assertThat(log.containing("field note of revision 8 is not sound")).hasSize(1);
    }
  }

  @Test
  void asksNoMoreThanItsBudgetHoweverOftenItIsTold() {
    ConfigClient client = await(Waiting.opening(kv, options().requestBudget(20).build()));
    for (int i = 0; i < 50; i++) {
      await(client.refreshNow());
    }
    // half of it at once: the first takes two, the others one each as long as there are two
    assertThat(kv.metadataReads() + kv.valueReads()).isEqualTo(9);

    now = now.plusSeconds(300);
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);
    assertThat(await(client.refreshNow()).revision()).isEqualTo(8);
  }

  @Test
  void answersTheDefaultForAUserIdThatIsNullBeforeAndAfterTheFirstSnapshot() {
    TestSource source = TestSource.empty();
    ConfigClient client = source.open();
    BooleanField preview = client.booleanField("preview");
    for (int i = 0; i < 2; i++) {
      assertThat(client.getBoolean((String) null, "preview", true)).isTrue();
      assertThat(client.getBoolean((UUID) null, "preview", true)).isTrue();
      assertThat(preview.get((UUID) null, true)).isTrue();
      assertThat(client.hasUser((String) null)).isFalse();
      assertThat(client.config((String) null)).isEmpty();
      source.publish(Map.of("alice", Map.of("preview", false)));
      client.refreshBlocking();
    }
    client.close();
  }
}
