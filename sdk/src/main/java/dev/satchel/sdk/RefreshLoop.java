package dev.satchel.sdk;

import dev.satchel.kv.KvException;
import dev.satchel.sdk.RefreshReport.Outcome;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view in use equal to what the source announces: asks, fetches, checks, swaps, waits,
 * again. One attempt at a time. Whatever fails, the last good view stays. Its state is confined to
 * one Vert.x context, but for the volatile fields, which any thread may read.
 */
final class RefreshLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigClient.class);

  // developers.cloudflare.com/kv/platform/limits: the largest value
  private static final long MAX_VALUE_BYTES = 26_214_400;

  private final Vertx vertx;
  private final Context context;
  private final SnapshotSource source;
  private final ConfigClientOptions options;
  private final PollPace pace;
  private final FieldNames names;
  private final ClientListeners listeners = new ClientListeners(this::view, this::status);
  private final Promise<Void> firstView = Promise.promise();

  /** Replaced as a whole after every check has passed. */
  private volatile ConfigView view = ConfigView.EMPTY;

  /** Written after the view, so that a reader of the status finds at least that view. */
  private volatile ClientStatus status;

  private volatile boolean closed;
  private volatile long timer = -1;
  private volatile @Nullable Promise<ClientStatus> attempt;

  private @Nullable String tagInUse;
  private @Nullable Announcement unusable;
  private @Nullable String unusableReason;
  private int failures;
  private boolean failureAtStartLogged;

  /** A fetched snapshot with the tag it was announced by. */
  private record Found(String tag, Snapshot snapshot) {}

  RefreshLoop(Vertx vertx, SnapshotSource source, ConfigClientOptions options, FieldNames names) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.source = source;
    this.options = options;
    this.pace = new PollPace(options.pollInterval());
    this.names = names;
    this.status = ClientStatus.empty(options.clock().instant());
  }

  ClientListeners listeners() {
    return listeners;
  }

  ConfigView view() {
    return view;
  }

  ClientStatus status() {
    return status;
  }

  /** Completes when there is something to serve; fails if the loop is closed before. */
  Future<Void> firstView() {
    return firstView.future();
  }

  /** Makes an attempt now, or joins the one under way. Fails only if the loop is closed. */
  Future<ClientStatus> refresh() {
    if (closed) {
      return Future.failedFuture(closedException());
    }
    Promise<ClientStatus> answer = Promise.promise();
    context.runOnContext(done -> begin().onComplete(answer));
    return answer.future();
  }

  /** Stops the loop; the view in use stays. Idempotent, from any thread. */
  void close() {
    closed = true;
    listeners.close();
    vertx.cancelTimer(timer);
    Promise<ClientStatus> underWay = attempt;
    if (underWay != null) {
      underWay.tryFail(closedException());
    }
    firstView.tryFail(closedException());
  }

  private static IllegalStateException closedException() {
    return new IllegalStateException("the client is closed");
  }

  private Future<ClientStatus> begin() {
    Promise<ClientStatus> underWay = attempt;
    if (closed) {
      return Future.failedFuture(closedException());
    } else if (underWay != null) {
      return underWay.future();
    }
    vertx.cancelTimer(timer);
    Promise<ClientStatus> started = Promise.promise();
    attempt = started;
    ConfigView held = view;
    long startedAt = System.nanoTime();
    // compose, so that a source that throws is a source that fails
    Future.succeededFuture()
        .compose(go -> within("the announcement", source.announcement()))
        .compose(announced -> fetch(announced, held))
        .onComplete(
            found -> {
              settle(found, started);
              listeners.attempted(outcome(found), Duration.ofNanos(System.nanoTime() - startedAt));
            });
    return started.future();
  }

  private static Outcome outcome(AsyncResult<Optional<Found>> found) {
    return found.failed()
        ? Outcome.FAILED
        : found.result().isPresent() ? Outcome.UPDATED : Outcome.UNCHANGED;
  }

  /** What is new, or empty if the held view is what is announced. */
  private Future<Optional<Found>> fetch(Optional<Announcement> announced, ConfigView held) {
    if (announced.isEmpty()) {
      throw new RefusedException("nothing is published under " + source);
    }
    Announcement next = announced.get();
    if (next.tag().equals(tagInUse)) {
      return Future.succeededFuture(Optional.empty());
    }
    if (next.equals(unusable)) {
      throw new RefusedException(String.valueOf(unusableReason));
    }
    if (next.revision() != Announcement.UNKNOWN) {
      checkNewer(next.revision(), held);
    }
    checkSize(next.bytes());
    return within("the value", source.value(next))
        .compose(
            value -> {
              if (value.isEmpty()) {
                throw new RefusedException("%s is announced but has no value".formatted(source));
              }
              // hashing and opening take milliseconds to seconds: not on the event loop
              return context.executeBlocking(() -> open(next, value.get(), held), false);
            })
        .onFailure(failure -> rememberIfLasting(next, failure))
        .map(Optional::of);
  }

  private Found open(Announcement announced, Buffer value, ConfigView held) {
    checkSize(value.length());
    byte[] bytes = value.getBytes();
    String expected = announced.sha256();
    if (expected != null) {
      String found = sha256(bytes);
      if (!found.equals(expected)) {
        throw new RefusedException(
            "expected a value with sha256 %s under %s but found %s in %d bytes"
                .formatted(expected, source, found, bytes.length));
      }
    }
    Snapshot snapshot;
    try {
      snapshot = Snapshot.open(bytes);
    } catch (SnapshotFormatException e) {
      throw RefusedException.forGood(
          "no sound snapshot under %s: %s".formatted(source, e.getMessage()));
    }
    if (announced.revision() != Announcement.UNKNOWN
        && announced.revision() != snapshot.revision()) {
      throw RefusedException.forGood(
          "expected revision %d under %s but found %d in the snapshot"
              .formatted(announced.revision(), source, snapshot.revision()));
    }
    checkNewer(snapshot.revision(), held);
    return new Found(announced.tag(), snapshot);
  }

  private void checkNewer(long revision, ConfigView held) {
    if (revision <= held.revision()) {
      throw new RefusedException(
          "expected a revision above %d, which is in use, but found %d under %s"
              .formatted(held.revision(), revision, source));
    }
  }

  private void checkSize(long bytes) {
    if (bytes > MAX_VALUE_BYTES) {
      throw new RefusedException(
          "expected a value of at most %d bytes under %s but found %d"
              .formatted(MAX_VALUE_BYTES, source, bytes));
    }
  }

  /** The outcome of a call, on the loop's context, or a failure once it has taken too long. */
  private <T> Future<T> within(String what, Future<T> call) {
    long millis = options.callTimeout().toMillis();
    Promise<T> outcome = Promise.promise();
    call.timeout(millis, TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof TimeoutException
                        ? new RefusedException(
                            "expected %s of %s within %d ms but nothing came"
                                .formatted(what, source, millis))
                        : failure))
        .onComplete(
            (result, failure) -> context.runOnContext(done -> outcome.complete(result, failure)));
    return outcome.future();
  }

  private void rememberIfLasting(Announcement announced, Throwable failure) {
    if (failure instanceof RefusedException refused && refused.isLasting()) {
      unusable = announced;
      unusableReason = refused.getMessage();
    }
  }

  private void settle(AsyncResult<Optional<Found>> found, Promise<ClientStatus> started) {
    attempt = null;
    if (closed) {
      started.tryFail(closedException());
      return;
    }
    Instant now = options.clock().instant();
    ClientStatus before = status;
    if (found.succeeded()) {
      failures = 0;
      found.result().ifPresent(this::swap);
      status = before.agreed(view, now);
    } else {
      failures++;
      status = before.failed(inWords(found.cause()), now);
    }
    logChange(before, status);
    timer =
        vertx.setTimer(
            pace.delayMillis(
                isRateLimited(found.cause()) ? 0 : failures,
                ThreadLocalRandom.current().nextDouble()),
            due -> begin());
    if (closed) {
      vertx.cancelTimer(timer); // close() may have come between the check above and the timer
    }
    started.tryComplete(status);
  }

  private void swap(Found found) {
    tagInUse = found.tag();
    unusable = null;
    view = new ConfigView(found.snapshot(), names);
    firstView.tryComplete();
  }

  private void logChange(ClientStatus before, ClientStatus after) {
    boolean firstFailure =
        after.state() == ClientStatus.State.EMPTY
            && after.lastFailure() != null
            && !failureAtStartLogged;
    if (firstFailure) {
      failureAtStartLogged = true;
      LOG.warn("no snapshot yet, lookups answer defaults: {}", after.lastFailure());
    } else if (before.state() != after.state()) {
      if (after.state() == ClientStatus.State.FRESH) {
        LOG.info(
            "{}: now FRESH at revision {} with {} users", source, after.revision(), after.users());
      } else {
        LOG.warn(
            "{}: now {}, still serving revision {}: {}",
            source,
            after.state(),
            after.revision(),
            after.lastFailure());
      }
    } else if (before.revision() != after.revision()) {
      LOG.debug("{}: revision {} with {} users", source, after.revision(), after.users());
    }
  }

  /** Whoever is told to call less often must not call sooner. */
  private static boolean isRateLimited(@Nullable Throwable failure) {
    return failure instanceof KvException refused && refused.status() == 429;
  }

  private static String inWords(Throwable failure) {
    String message = failure.getMessage();
    String words =
        message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    return words.lines().findFirst().orElse(words);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
