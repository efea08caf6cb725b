package dev.satchel.publisher.store;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.NamespaceReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a publisher takes for what is in use, given what KV answers one time after another. */
class PublishedKeyTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final Answers answers = new Answers();
  private final PublishedKey key = new PublishedKey(answers, "k", () -> START);

  /** A namespace whose one key shows what it is told to. */
  private static final class Answers implements NamespaceReader {
    private JsonObject shown = new JsonObject();
    private List<KeyPage.Key> copies = List.of();

    @Override
    public Future<Optional<Buffer>> value(String key) {
      return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<JsonObject>> metadata(String key) {
      return Future.succeededFuture(Optional.of(shown));
    }

    @Override
    public Future<KeyPage> keys(String prefix, @Nullable String cursor) {
      return Future.succeededFuture(new KeyPage(copies, null));
    }
  }

  private static SnapshotMetadata revision(long number, boolean isHeld) {
    return new SnapshotMetadata(
        number,
        "%064x".formatted(number),
        "%064x".formatted(number),
        1,
        100,
        START,
        1,
        null,
        null,
        0,
        isHeld ? new Hold("somebody", START, "") : null,
        null,
        null);
  }

  private Optional<Hold> hold(SnapshotMetadata shown) {
    answers.shown = shown.toJson();
    return key.hold(await(key.shown()));
  }

  @Test
  void aCopyAboveWhatIsShownIsReasonToPublishAboveIt() {
    answers.copies =
        List.of(
            new KeyPage.Key("k@4", revision(4, false).toJson(), null),
            new KeyPage.Key("k@7", revision(7, false).toJson(), null));
    answers.shown = revision(4, false).toJson();
    var evidence = new Evidence(SharedDatabase.vertx(), key, Seal.none("k"), true, () -> START);

    var shown = await(key.shown());
    await(evidence.lookAbove(shown));

    assertThat(key.isCurrent(shown.orElseThrow())).isFalse();
    assertThat(key.nextRevision(Instant.EPOCH)).isEqualTo(8);
    key.wrote(revision(8, false));
    assertThat(key.isCurrent(revision(8, false))).isTrue();
  }

  @Test
  void metadataFarAheadOfTheClockAreNeitherFollowedNorListed() {
    long far = START.toEpochMilli() + Duration.ofDays(1).toMillis() + 1;
    answers.copies =
        List.of(
            new KeyPage.Key("k@7", revision(7, false).toJson(), null),
            new KeyPage.Key("k@" + far, revision(far, false).toJson(), null),
            new KeyPage.Key("k@" + Long.MAX_VALUE, revision(Long.MAX_VALUE, false).toJson(), null));
    answers.shown = revision(Long.MAX_VALUE - 1, false).toJson();

    assertThat(await(key.shown())).isEmpty();
    assertThat(await(key.copies())).extracting(SnapshotMetadata::revision).containsExactly(7L);
    assertThat(key.nextRevision(START)).isEqualTo(START.toEpochMilli());
  }

  @Test
  void aHoldThatWasTakenBackDoesNotComeBackWithAnOldAnswer() {
    assertThat(hold(revision(5, true))).isPresent();
    assertThat(hold(revision(5, false))).isEmpty();

    assertThat(hold(revision(5, true))).isEmpty();
    // as when a write that everybody has given up on comes late
    assertThat(hold(revision(4, false))).isEmpty();

    assertThat(hold(revision(6, true))).isPresent();
    assertThat(hold(revision(5, false))).isPresent();
  }
}
