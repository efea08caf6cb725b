package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.next;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.RefreshReport.Outcome;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.testkit.TestSource;
import dev.satchel.snapshot.FieldChange;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.UserChange;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientListenersTest {
  private final TestSource source =
      TestSource.of(Map.of("alice", Map.of("a", 1, "b", true), "bob", Map.of("a", 1)));
  private final ConfigClient client =
      ConfigClient.openBlocking(source, source.options().staleAfter(Duration.ofMinutes(1)).build());

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void tellsEachRevisionInOrderAndAfterTheSwap() throws Exception {
    var diffs = new LinkedBlockingQueue<String>();
    client.onChange(diff -> diffs.add(diff + ", now " + client.view().revision()));

    source.publish(Map.of("alice", Map.of("a", 2, "b", true), "bob", Map.of("a", 1)));
    await(client.refreshNow());
    assertThat(next(diffs))
        .isEqualTo("revision 1 to 2: 0 users added, 0 removed, 1 changed, now 2");

    source.publish(Map.of("carol", Map.of("a", 2)));
    await(client.refreshNow());
    assertThat(next(diffs))
        .isEqualTo("revision 2 to 3: 1 users added, 2 removed, 0 changed, now 3");
  }

  @Test
  void tellsOnlyOfTheUserOrTheFieldThatIsAskedFor() throws Exception {
    var users = new LinkedBlockingQueue<UserChange>();
    var fields = new LinkedBlockingQueue<SnapshotDiff>();
    client.onUserChange("bob", users::add);
    client.onFieldChange("b", fields::add);

    source.publish(Map.of("alice", Map.of("a", 2, "b", true), "bob", Map.of("a", 1)));
    await(client.refreshNow());
    settled();
    assertThat(users).isEmpty();
    assertThat(fields).isEmpty();

    source.publish(Map.of("alice", Map.of("a", 2, "b", false), "bob", Map.of("a", 5)));
    await(client.refreshNow());

    UserChange bob = next(users);
    assertThat(bob.kind()).isEqualTo(UserChange.Kind.CHANGED);
    assertThat(bob.fields()).containsExactly(new FieldChange("a", 1L, 5L));
    assertThat(next(fields).changedByField()).isEqualTo(Map.of("a", 1, "b", 1));
  }

  @Test
  void aListenerThatThrowsOrStallsHarmsNeitherOthersNorTheRefresh() throws Exception {
    var seen = new LinkedBlockingQueue<SnapshotDiff>();
    var entered = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    client.onChange(
        diff -> {
          throw new IllegalStateException("a fault of the application");
        });
    client.onChange(
        diff -> {
          entered.countDown();
          await(released);
        });
    client.onChange(seen::add);

    source.publish(Map.of("alice", Map.of("a", 2)));
    await(client.refreshNow());
    await(entered);
    source.publish(Map.of("alice", Map.of("a", 3)));
    await(client.refreshNow());
    source.publish(Map.of("alice", Map.of("a", 4)));
    assertThat(await(client.refreshNow()).revision()).isEqualTo(4);
    released.countDown();

    assertThat(next(seen)).hasToString("revision 1 to 2: 0 users added, 1 removed, 1 changed");
    // what came while the listeners were slow is one change
    assertThat(next(seen)).hasToString("revision 2 to 4: 0 users added, 0 removed, 1 changed");
  }

  @Test
  void whoIsRemovedIsNotTold() throws Exception {
    var removed = new LinkedBlockingQueue<SnapshotDiff>();
    var kept = new LinkedBlockingQueue<SnapshotDiff>();
    Registration registration = client.onChange(removed::add);
    client.onChange(kept::add);
    registration.close();
    registration.close();

    source.publish(Map.of());
    await(client.refreshNow());

    next(kept);
    assertThat(removed).isEmpty();
  }

  @Test
  void closingWaitsForTheListenerThatIsBeingCalledAndNoneIsCalledAfterIt() throws Exception {
    var entered = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var late = new LinkedBlockingQueue<SnapshotDiff>();
    client.onChange(
        diff -> {
          entered.countDown();
          await(released);
        });
    client.onChange(late::add);
    source.publish(Map.of("alice", Map.of("a", 2)));
    await(client.refreshNow());
    await(entered);

    CompletableFuture<Void> closed = client.closeAsync().toCompletableFuture();
    assertThat(closed.isDone()).isFalse();
    released.countDown();
    await(closed);

    assertThat(late).isEmpty();
  }

  @Test
  void closingAgainWaitsForTheThreadThatCloses() throws Exception {
    var entered = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    client.onChange(
        diff -> {
          entered.countDown();
          await(released);
        });
    source.publish(Map.of());
    await(client.refreshNow());
    await(entered);
    CompletableFuture<Void> first = client.closeAsync().toCompletableFuture();

    var second = new Thread(client::close);
    second.start();
    until("the second to wait", () -> second.getState() == Thread.State.TIMED_WAITING);
    released.countDown();
    second.join();

    assertThat(first.isDone()).isTrue();
  }

  @Test
  void aSourceThatCannotBeClosedDoesNotKeepTheClientFromClosing() throws Exception {
    var stubborn =
        new SnapshotSource() {
          @Override
          public Optional<Announcement> announcement() {
            return Optional.empty();
          }

          @Override
          public Optional<byte[]> value(Announcement announced) {
            return Optional.empty();
          }

          @Override
          public void close() {
            throw new IllegalStateException("stuck");
          }

          @Override
          public String toString() {
            return "a stubborn source";
          }
        };
    ConfigClient of = ConfigClient.openBlocking(stubborn, ConfigClientOptions.defaults());

    await(of.closeAsync());
  }

  @Test
  void aListenerThatWaitsForTheClientToCloseDoesNotKeepItFromClosing() throws Exception {
    var closedByListener = new CountDownLatch(1);
    client.onChange(
        diff -> {
          client.close();
          closedByListener.countDown();
        });

    source.publish(Map.of());
    await(
        client
            .refreshNow()
            .handle(
                (status, failure) -> {
                  if (failure != null) { // the listener may close before the attempt has ended
                    assertThat(failure).hasMessageContaining("the client is closed");
                  }
                  return status;
                }));

    await(closedByListener);
  }

  @Test
  void theFirstSnapshotAddsAllUsers() throws Exception {
    TestSource later = TestSource.empty();
    ConfigClient empty = later.open();
    var diffs = new LinkedBlockingQueue<SnapshotDiff>();
    empty.onChange(diffs::add);

    later.publish(Map.of("alice", Map.of("a", 1), "bob", Map.of("a", 2)));
    await(empty.refreshNow());

    assertThat(next(diffs).added()).isEqualTo(2);
    empty.close();
  }

  @Test
  void tellsEachChangeOfStateOnceAndEachAttempt() throws Exception {
    var states = new LinkedBlockingQueue<State>();
    var outcomes = new LinkedBlockingQueue<Outcome>();
    client.onStatus(status -> states.add(status.state()));
    client.onRefresh(report -> outcomes.add(report.outcome()));

    source.fail("the network is down");
    await(client.refreshNow());
    source.clock().advance(Duration.ofMinutes(2));
    await(client.refreshNow());
    assertThat(next(states)).isEqualTo(State.STALE);
    source.heal();
    await(client.refreshNow());
    assertThat(next(states)).isEqualTo(State.FRESH);
    source.publish(Map.of());
    await(client.refreshNow());
    settled();

    assertThat(states).isEmpty();
    assertThat(outcomes)
        .startsWith(Outcome.FAILED, Outcome.FAILED, Outcome.UNCHANGED, Outcome.UPDATED);
  }

  /** Whatever was to be told before has been told. */
  private void settled() throws Exception {
    var last = new LinkedBlockingQueue<RefreshReport>();
    try (Registration registration = client.onRefresh(last::add)) {
      await(client.refreshNow());
      next(last);
      assertThat(registration).isNotNull();
    }
  }
}
