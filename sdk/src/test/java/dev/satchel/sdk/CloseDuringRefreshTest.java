package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closes a client at every point of a refresh: between any two things that its loop does. */
final class CloseDuringRefreshTest {
  /** What has happened of the refresh when the client is closed. */
  enum Point {
    ASKED_FOR,
    ANNOUNCEMENT_AWAITED,
    ANNOUNCEMENT_ANSWERED,
    VALUE_AWAITED,
    VALUE_ANSWERED,
    DONE
  }

  /** A source that answers when it is told to, and notes what it is asked after it was closed. */
  private static final class SlowSource implements SnapshotSource {
    private final ConcurrentLinkedQueue<String> askedAfterClose = new ConcurrentLinkedQueue<>();
    private final CountDownLatch announcementAsked = new CountDownLatch(1);
    private final CountDownLatch valueAsked = new CountDownLatch(1);
    private final Promise<Optional<Announcement>> announcement = Promise.promise();
    private final Promise<Optional<Buffer>> value = Promise.promise();
    private volatile boolean isSlow;
    private volatile boolean isClosed;

    @Override
    public Future<Optional<Announcement>> announcement() {
      note("announcement");
      if (!isSlow) {
        return Future.succeededFuture(Optional.of(announced(1)));
      }
      announcementAsked.countDown();
      return announcement.future();
    }

    @Override
    public Future<Optional<Buffer>> value(Announcement announced) {
      note("value");
      if (!isSlow) {
        return Future.succeededFuture(Optional.of(publication(1).value()));
      }
      valueAsked.countDown();
      return value.future();
    }

    private void note(String question) {
      if (isClosed) {
        askedAfterClose.add(question);
      }
    }

    @Override
    public Future<Void> close() {
      isClosed = true;
      return Future.succeededFuture();
    }
  }

  // one loop for all, so that a test can keep it busy
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final SlowSource source = new SlowSource();
  private final CountDownLatch busy = new CountDownLatch(1);

  @AfterEach
  void close() {
    busy.countDown();
    await(vertx.close());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsAskedSwappedOrToldOnceTheClientIsClosed(Point point) throws Exception {
    ConfigClient client =
        await(
            ConfigClient.open(
                vertx,
                source,
                ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build()));
    source.isSlow = true;
    var told = new ConcurrentLinkedQueue<String>();
    client.onChange(diff -> told.add("a change"));
    client.onRefresh(report -> told.add("an attempt"));

    Future<ClientStatus> refresh = until(point, client);
    Future<Void> closed = client.close();
    busy.countDown();
    await(closed);
    long revision = client.view().revision();
    int calls = told.size();
    source.announcement.tryComplete(Optional.of(announced(2)));
    source.value.tryComplete(Optional.of(publication(2).value()));

    if (point == Point.DONE) {
      assertThat(await(refresh).revision()).isEqualTo(2);
    } else {
      assertThatThrownBy(() -> await(refresh)).hasMessage("the client is closed");
    }
    await(vertx.executeBlocking(() -> "all that was under way on the loop", true));
    assertThat(source.askedAfterClose).isEmpty();
    assertThat(client.view().revision()).isEqualTo(revision);
    assertThat(told).hasSize(calls);
    assertThatThrownBy(() -> await(client.refreshNow())).hasMessage("the client is closed");
  }

  /** Lets a refresh come to this point; if something is answered, the loop has not seen it yet. */
  private Future<ClientStatus> until(Point point, ConfigClient client) throws Exception {
    if (point == Point.ASKED_FOR) {
      keepLoopBusy();
    }
    Future<ClientStatus> refresh = client.refreshNow();
    if (point == Point.ASKED_FOR) {
      return refresh;
    }
    source.announcementAsked.await();
    if (point == Point.ANNOUNCEMENT_AWAITED) {
      return refresh;
    }
    if (point == Point.ANNOUNCEMENT_ANSWERED) {
      keepLoopBusy();
    }
    source.announcement.complete(Optional.of(announced(2)));
    if (point == Point.ANNOUNCEMENT_ANSWERED) {
      return refresh;
    }
    source.valueAsked.await();
    if (point == Point.VALUE_AWAITED) {
      return refresh;
    }
    if (point == Point.VALUE_ANSWERED) {
      keepLoopBusy();
    }
    source.value.complete(Optional.of(publication(2).value()));
    if (point == Point.DONE) {
      await(refresh);
    }
    return refresh;
  }

  private void keepLoopBusy() throws InterruptedException {
    var begun = new CountDownLatch(1);
    vertx.runOnContext(
        go -> {
          begun.countDown();
          try {
            busy.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    begun.await();
  }

  private static Publication publication(long revision) {
    return Publication.ofFlag(revision, "alice", true);
  }

  private static Announcement announced(long revision) {
    var metadata = publication(revision).metadata();
    return new Announcement(
        "revision " + revision, revision, metadata.getString("sha256"), metadata.getLong("bytes"));
  }
}
