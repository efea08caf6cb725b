package dev.satchel.publisher.http;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.UserHistory;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one user in one revision after the other, for as long as somebody asks how far it is.
 * Confined to the server's event loop.
 */
final class UserSearch {
  /** How long after the last request a search goes on, and how long what it found is shown. */
  private static final Duration ABANDONED_AFTER = Duration.ofSeconds(60);

  private final UserHistory found;
  private final InstantSource clock;
  private final BiFunction<UserHistory, HistoryEntry, Future<Void>> look;
  private final Set<Long> looked = new HashSet<>();
  private List<HistoryEntry> revisions = List.of();
  private Instant askedAt;
  private @Nullable Future<UserHistory> underWay;

  /**
   * Creates a search that has looked at nothing yet.
   *
   * @param look looks at one revision; its future completes on the event loop
   */
  UserSearch(
      String userId,
      InstantSource clock,
      BiFunction<UserHistory, HistoryEntry, Future<Void>> look) {
    this.found = new UserHistory(userId);
    this.clock = clock;
    this.look = look;
    this.askedAt = clock.instant();
  }

  boolean isFor(String userId) {
    return found.userId().equals(userId);
  }

  String userId() {
    return found.userId();
  }

  boolean isUnderWay() {
    return underWay != null;
  }

  boolean isAbandoned() {
    return Duration.between(askedAt, clock.instant()).abs().compareTo(ABANDONED_AFTER) > 0;
  }

  /** Returns how many revisions it has looked at. */
  int looked() {
    return looked.size();
  }

  /** Returns how many revisions it knows of. */
  int all() {
    return Math.max(looked.size(), revisions.size());
  }

  /**
   * Goes on to the revisions that it has not looked at, or joins the search under way.
   *
   * @param newestFirst all revisions
   */
  Future<UserHistory> through(List<HistoryEntry> newestFirst) {
    askedAt = clock.instant();
    if (underWay != null) {
      return underWay;
    }
    revisions = newestFirst;
    Future<UserHistory> search = next(newestFirst.size() - 1);
    if (!search.isComplete()) {
      underWay = search;
      search.onComplete(ended -> underWay = null);
    }
    return search;
  }

  private Future<UserHistory> next(int last) {
    int at = last;
    while (at >= 0 && looked.contains(revisions.get(at).revision())) {
      at--;
    }
    if (at < 0) {
      return Future.succeededFuture(found);
    } else if (isAbandoned()) {
      return Future.failedFuture("nobody has asked for it lately; reload the page to go on");
    }
    int here = at;
    return look.apply(found, revisions.get(here))
        .compose(
            done -> {
              looked.add(revisions.get(here).revision());
              return next(here - 1);
            });
  }
}
