package dev.satchel.publisher.publish;

import dev.satchel.kv.KvException;
import dev.satchel.publisher.publish.Packer.Packed;
import dev.satchel.publisher.store.Evidence;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.SnapshotFeed;
import dev.satchel.publisher.store.SnapshotFeed.Offer;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.store.UsersChange;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.time.Time;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a change to the readers of this process while KV cannot be reached. Guards compare it with
 * what these readers have. Nothing is handed out while the revision in use is held, as far as this
 * process knows, and nothing before KV was read once. {@link SnapshotFeed#mayBeAhead} then makes
 * the publisher write above it as soon as KV is back, whatever KV shows.
 */
final class Ahead {
  private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);

  /** How long KV may take to answer before readers of this process do not wait for it. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Packer packer;
  private final PublishedKey key;
  private final SnapshotFeed feed;
  private final PublisherSettings settings;
  private final InstantSource clock;
  private final Time time;
  private volatile String told = "";

  Ahead(
      Packer packer,
      PublishedKey key,
      SnapshotFeed feed,
      PublisherSettings settings,
      InstantSource clock,
      Time time) {
    this.packer = packer;
    this.key = key;
    this.feed = feed;
    this.settings = settings;
    this.clock = clock;
    this.time = time;
  }

  /**
   * Looks at KV. If that takes long or fails, reads the users and hands them to the readers of this
   * process meanwhile.
   *
   * @param look begins to look at KV
   * @param isAccepted whether a person has accepted what guards would refuse
   * @return what KV answers in the end
   */
  <T> Future<T> looking(Supplier<Future<T>> look, boolean isAccepted, StageTimes times) {
    if (offer().isEmpty()) {
      return times.time("look", look);
    }
    Future<T> looking = Future.succeededFuture().compose(go -> look.get());
    return times
        .time("look", () -> Future.any(looking.otherwiseEmpty(), time.pause(SOON)))
        .compose(
            soon ->
                looking.succeeded() || (looking.failed() && !isDown(looking.cause()))
                    ? looking
                    : handOut(isAccepted, times).compose(done -> looking));
  }

  /** Hands out what KV did not take, if KV cannot be reached. The future fails as the write did. */
  <T> Future<T> instead(Throwable failure, Packed packed, boolean isAccepted) {
    Optional<Offer> offer = offer();
    return isDown(failure) && offer.isPresent()
        ? settled(packer.blocking(() -> handOut(packed, offer.get(), isAccepted)))
            .compose(done -> Future.failedFuture(failure))
        : Future.failedFuture(failure);
  }

  private static boolean isDown(Throwable failure) {
    return failure instanceof KvException kv && kv.mayPass();
  }

  /** Returns what readers have, unless it is held or KV has shown something later. */
  private Optional<Offer> offer() {
    long newest = key.latest(Optional.empty()).map(SnapshotMetadata::revision).orElse(0L);
    return key.hold(Optional.empty()).isPresent()
        ? Optional.empty()
        : feed.offer().filter(offer -> offer.revision() >= newest);
  }

  private Future<Void> handOut(boolean isAccepted, StageTimes times) {
    Optional<Offer> offer = offer();
    if (offer.isEmpty()) {
      return Future.succeededFuture();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return settled(
        packer
            .pack(key.nextRevision(now), now, offer.get().metadata().users(), isAccepted, times)
            .compose(
                packed ->
                    times.time(
                        "compare",
                        () -> packer.blocking(() -> handOut(packed, offer.get(), isAccepted)))));
  }

  /** A failure here is told once, and the run goes on to fail with what KV said. */
  private Future<Void> settled(Future<Void> handedOut) {
    return handedOut.recover(
        failure -> {
          String words = FailureText.inWords(failure);
          if (!words.equals(told)) {
            told = words;
            LOG.warn("KV does not answer, and nothing is handed to readers: {}", words);
          }
          return Future.succeededFuture();
        });
  }

  private Void handOut(Packed packed, Offer offer, boolean isAccepted) {
    var metadata = packed.metadata();
    if (metadata.saysTheSameAs(offer.metadata())) {
      return null;
    }
    SnapshotPublication.check(packed, settings, isAccepted);
    var change = change(Snapshot.open(offer.value().getBytes()), packed.snapshot(), isAccepted);
    Optional<Patch> patch =
        settings.patches().isZero()
            ? Optional.empty()
            : Patch.of(change, Optional.of(offer.metadata()), metadata, settings.seal());
    key.follow(metadata.revision());
    feed.handOut(
        metadata
            .withChange(change.map(UsersChange::of).orElse(null))
            .withPatch(patch.map(Patch::named).orElse(null)),
        Buffer.buffer(packed.value()),
        patch.map(Patch::bytes));
    told = "";
    LOG.warn(
        "KV does not answer: revision {} is handed to readers of this process, and a later one is"
            + " published when KV is back",
        metadata.revision());
    return null;
  }

  /**
   * Returns the change that guards let through; empty if it was accepted and too large to compare.
   */
  private Optional<SnapshotDiff> change(Snapshot before, Snapshot now, boolean isAccepted) {
    if (!isAccepted) {
      return Optional.of(SnapshotPublication.checkedChange(before, now, settings.guards()));
    }
    return Evidence.isTooUneven(before, now)
        ? Optional.empty()
        : Optional.of(SnapshotDiff.between(before, now));
  }
}
