package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
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

  /** Whether a call that is interrupted ends, as the JDK's do, or goes on until it is answered. */
  enum Manners {
    ENDS_WHEN_INTERRUPTED,
    ANSWERS_ALL_THE_SAME
  }

  /** A source that answers when it is told to, and notes what it is asked after it was closed. */
  private static final class SlowSource implements SnapshotSource {
    private final ConcurrentLinkedQueue<String> askedAfterClose = new ConcurrentLinkedQueue<>();
    private final CountDownLatch announcementAsked = new CountDownLatch(1);
    private final CountDownLatch valueAsked = new CountDownLatch(1);
    private final CountDownLatch announcement = new CountDownLatch(1);
    private final CountDownLatch value = new CountDownLatch(1);
    private final Manners manners;
    private volatile boolean isSlow;
    private volatile boolean isClosed;

    SlowSource(Manners manners) {
      this.manners = manners;
    }

    @Override
    public Optional<Announcement> announcement() throws InterruptedException {
      note("announcement");
      if (isSlow) {
        announcementAsked.countDown();
        awaitAnswer(announcement);
      }
      return Optional.of(announced(isSlow ? 2 : 1));
    }

    @Override
    public Optional<byte[]> value(Announcement announced) throws InterruptedException {
      note("value");
      if (isSlow) {
        valueAsked.countDown();
        awaitAnswer(value);
      }
      return Optional.of(publication(announced.revision()).value());
    }

    private void awaitAnswer(CountDownLatch answer) throws InterruptedException {
      while (answer.getCount() > 0) {
        try {
          answer.await();
        } catch (InterruptedException e) {
          if (manners == Manners.ENDS_WHEN_INTERRUPTED) {
            throw e;
          }
        }
      }
    }

    private void note(String question) {
      if (isClosed) {
        askedAfterClose.add(question);
      }
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsAskedSwappedOrToldOnceTheClientIsClosed(Point point) throws Exception {
    closeAt(point, Manners.ENDS_WHEN_INTERRUPTED);
  }

  @ParameterizedTest
  @EnumSource
  void norIfTheSourceHeedsNoInterruptAndAnswersLater(Point point) throws Exception {
    closeAt(point, Manners.ANSWERS_ALL_THE_SAME);
  }

  private static void closeAt(Point point, Manners manners) throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    var source = new SlowSource(manners);
    ConfigClient client =
        ConfigClient.openBlocking(
            source, ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build());
    source.isSlow = true;
    var told = new ConcurrentLinkedQueue<String>();
    client.onChange(diff -> told.add("a change"));
    client.onRefresh(report -> told.add("an attempt"));

    CompletionStage<ClientStatus> refresh = refreshUpTo(point, client, source);
    CompletionStage<Void> closed = client.closeAsync();
    // only now, so that closing meets a call that goes on
    source.announcement.countDown();
    source.value.countDown();
    await(closed);
    long revision = client.view().revision();
    int calls = told.size();

    if (point == Point.DONE) {
      assertThat(await(refresh).revision()).isEqualTo(2);
    } else if (!hasCome(point, Point.VALUE_ANSWERED)) {
      assertThatThrownBy(() -> await(refresh)).hasMessage("the client is closed");
    }
    assertThat(source.askedAfterClose).isEmpty();
    assertThat(client.view().revision()).isEqualTo(revision);
    assertThat(told).hasSize(calls);
    assertThatThrownBy(() -> await(client.refreshNow())).hasMessage("the client is closed");
    until("the client's threads end", () -> !areLeft(before));
  }

  /** Returns whether there are threads of a client that were not there before. */
  private static boolean areLeft(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .anyMatch(name -> name.equals("satchel-refresh") || name.equals("satchel-source"));
  }

  /** Starts a refresh and returns when it has come to this point. */
  private static CompletionStage<ClientStatus> refreshUpTo(
      Point point, ConfigClient client, SlowSource source) throws Exception {
    CompletionStage<ClientStatus> refresh = client.refreshNow();
    if (hasCome(point, Point.ANNOUNCEMENT_AWAITED)) {
      await(source.announcementAsked);
    }
    if (hasCome(point, Point.ANNOUNCEMENT_ANSWERED)) {
      source.announcement.countDown();
    }
    if (hasCome(point, Point.VALUE_AWAITED)) {
      await(source.valueAsked);
    }
    if (hasCome(point, Point.VALUE_ANSWERED)) {
      source.value.countDown();
    }
    if (point == Point.DONE) {
      await(refresh);
    }
    return refresh;
  }

  private static boolean hasCome(Point to, Point past) {
    return to.compareTo(past) >= 0;
  }

  private static Publication publication(long revision) {
    return Publication.ofFlag(revision, "alice", true);
  }

  private static Announcement announced(long revision) {
    Publication publication = publication(revision);
    return new Announcement(
        "revision " + revision, revision, publication.sha256(), publication.value().length);
  }
}
