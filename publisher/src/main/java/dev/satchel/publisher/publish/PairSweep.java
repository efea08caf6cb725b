package dev.satchel.publisher.publish;

import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.NamespaceReader;
import dev.satchel.publisher.time.Time;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds pairs that belong to no user, and deletes those that a publisher of the same snapshot key
 * has written. Lists all keys with the prefix, a thousand with each request. For one run.
 */
final class PairSweep {
  private static final Logger LOG = LoggerFactory.getLogger(PairSweep.class);

  // an account may make 1,200 requests in five minutes, and others make some, too:
  // developers.cloudflare.com/fundamentals/api/reference/limits
  private static final int PAGES_AT_ONCE = 500;
  private static final Duration PACE = Duration.ofMillis(300);

  private final NamespaceReader reader;
  private final Time time;
  private final UserPairs pairs;
  private final Snapshot snapshot;
  private final PairWriter batches;
  private @Nullable String cursor;
  private int pages;
  private long strangers;
  private @Nullable String stranger;

  PairSweep(
      NamespaceReader reader, Time time, UserPairs pairs, Snapshot snapshot, PairWriter batches) {
    this.reader = reader;
    this.time = time;
    this.pairs = pairs;
    this.snapshot = snapshot;
    this.batches = batches;
  }

  Future<Void> deleteWithoutUser() {
    return Steps.whileThereIsMore(this::page).onSuccess(done -> tellOfStrangers());
  }

  private Future<Boolean> page() {
    Future<Void> turn = pages++ < PAGES_AT_ONCE ? Future.succeededFuture() : time.pause(PACE);
    return turn.compose(now -> reader.keys(pairs.prefix(), cursor))
        .compose(
            page -> {
              cursor = page.cursor();
              return batches.delete(withoutUser(page).iterator());
            })
        .map(done -> cursor != null);
  }

  private List<String> withoutUser(KeyPage page) {
    var keys = new ArrayList<String>();
    for (KeyPage.Key listed : page.keys()) {
      if (pairs.areOurs(listed)) {
        keys.add(listed.name()); // those of users stay, which the batches see to
      } else if (pairs.looksLikeAUsers(listed.name(), snapshot)
          && pairs.user(snapshot, listed.name()) == Snapshot.NO_USER) {
        strangers++;
        stranger = listed.name();
      }
    }
    return keys;
  }

  private void tellOfStrangers() {
    if (strangers > 0) {
      LOG.warn(
          "{} keys look like those of users that are gone, such as {}, but no publisher of this"
              + " key has marked them: they stay; delete them if nothing else needs them",
          strangers,
          stranger);
    }
  }
}
