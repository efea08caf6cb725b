package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The users that two snapshots share, as runs of neighbours: consecutive users in one are
 * consecutive in the other. A few added or removed users make a few runs.
 */
final class UserPairs {
  /*
   * There are three ways; the first that fits is used:
   * - The stored ids are equal: one run.
   * - Both are sorted by the same key (unmixed ids, or hashes of one key): a merge, which compares
   *   each user once and makes no object for it. The format does not promise to check the
   *   order, so a user that the merge finds on one side only is looked up on the other; if found
   *   there, the ids were not in order and the third way is used.
   * - A lookup for each user.
   */
  private final IntList beforeStarts = new IntList();
  private final IntList afterStarts = new IntList();
  private final IntList lengths = new IntList();
  private final IntList added = new IntList();
  private final IntList removed = new IntList();
  private final boolean identical;

  private UserPairs(boolean identical) {
    this.identical = identical;
  }

  static UserPairs of(Snapshot before, Snapshot after) {
    if (before.hasSameIdsAs(after)) {
      UserPairs pairs = new UserPairs(true);
      if (after.users() > 0) {
        pairs.beforeStarts.add(0);
        pairs.afterStarts.add(0);
        pairs.lengths.add(after.users());
      }
      return pairs;
    }
    UserIds ids = before.ids();
    UserIds nextIds = after.ids();
    Order order = order(ids, nextIds);
    if (order != null) {
      UserPairs pairs = new UserPairs(false);
      pairs.merge(order, before.users(), after.users());
      if (pairs.isSound(before, after)) {
        return pairs;
      }
    }
    UserPairs pairs = new UserPairs(false);
    pairs.lookUp(finder(ids, nextIds), before.users(), after.users());
    return pairs;
  }

  /** Returns whether every user has the same number in both. */
  boolean areIdentical() {
    return identical;
  }

  /** Returns the users that only the later snapshot has, ascending. */
  int[] added() {
    return added.toArray();
  }

  /** Returns the users that only the earlier snapshot has, ascending. */
  int[] removed() {
    return removed.toArray();
  }

  int runs() {
    return lengths.size();
  }

  int beforeStart(int run) {
    return beforeStarts.get(run);
  }

  /** Returns the first user of a run in the later snapshot, ascending from run to run. */
  int afterStart(int run) {
    return afterStarts.get(run);
  }

  int length(int run) {
    return lengths.get(run);
  }

  /** The order of both snapshots' ids. */
  private interface Order {
    /**
     * Returns a negative number if the user of the earlier snapshot comes first, 0 if both are the
     * same. Neither number decreases from call to call.
     */
    int compare(int before, int after);
  }

  /** Finds the user in the earlier snapshot with the id of a user in the later; called in order. */
  private interface Finder {
    int find(int after);
  }

  private void merge(Order order, int beforeUsers, int afterUsers) {
    int before = 0;
    int after = 0;
    while (before < beforeUsers && after < afterUsers) {
      int compared = order.compare(before, after);
      if (compared == 0) {
        pair(before++, after++);
      } else if (compared < 0) {
        removed.add(before++);
      } else {
        added.add(after++);
      }
    }
    for (; before < beforeUsers; before++) {
      removed.add(before);
    }
    for (; after < afterUsers; after++) {
      added.add(after);
    }
  }

  private void lookUp(Finder finder, int beforeUsers, int afterUsers) {
    BitSet found = new BitSet(beforeUsers);
    for (int after = 0; after < afterUsers; after++) {
      int before = finder.find(after);
      if (before == NO_USER) {
        added.add(after);
      } else {
        pair(before, after);
        found.set(before);
      }
    }
    for (int user = found.nextClearBit(0);
        user < beforeUsers;
        user = found.nextClearBit(user + 1)) {
      removed.add(user);
    }
  }

  private void pair(int before, int after) {
    int last = lengths.size() - 1;
    if (last >= 0
        && beforeStarts.get(last) + lengths.get(last) == before
        && afterStarts.get(last) + lengths.get(last) == after) {
      lengths.set(last, lengths.get(last) + 1);
    } else {
      beforeStarts.add(before);
      afterStarts.add(after);
      lengths.add(1);
    }
  }

  /** Returns whether users found on one side only are really missing on the other. */
  private boolean isSound(Snapshot before, Snapshot after) {
    for (int i = 0; i < added.size(); i++) {
      if (find(before.ids(), after.id(added.get(i))) != NO_USER) {
        return false;
      }
    }
    for (int i = 0; i < removed.size(); i++) {
      if (find(after.ids(), before.id(removed.get(i))) != NO_USER) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Order order(UserIds before, UserIds after) {
    if (before instanceof HashedIds a && after instanceof HashedIds b) {
      return a.key == b.key ? new HashOrder(a, b)::compare : null;
    }
    NumericIds a = before.numbers();
    NumericIds b = after.numbers();
    if (a == null || b == null || a.isMixed() || b.isMixed() || !before.spellsLike(after)) {
      return null;
    }
    IdCursor cursor = new IdCursor(a);
    IdCursor next = new IdCursor(b);
    if (before instanceof UserIds.Integers x && after instanceof UserIds.Integers y) {
      return (user, nextUser) -> {
        cursor.moveTo(user);
        next.moveTo(nextUser);
        return Long.compare(cursor.low() + x.smallest, next.low() + y.smallest);
      };
    }
    return (user, nextUser) -> {
      cursor.moveTo(user);
      next.moveTo(nextUser);
      int byHigh = Long.compareUnsigned(cursor.high(), next.high());
      return byHigh != 0 ? byHigh : Long.compareUnsigned(cursor.low(), next.low());
    };
  }

  /** Orders ids by hash, then by text; makes and hashes only texts that differ. */
  private record HashOrder(HashedIds before, HashedIds after) {
    int compare(int user, int nextUser) {
      if (SameValues.in(before.texts, user, after.texts, nextUser)) {
        return 0;
      }
      String text = (String) before.id(user);
      String next = (String) after.id(nextUser);
      int byHash =
          Long.compareUnsigned(HashedIds.hash(text, before.key), HashedIds.hash(next, after.key));
      return byHash != 0 ? byHash : text.compareTo(next);
    }
  }

  private static Finder finder(UserIds before, UserIds after) {
    NumericIds a = before.numbers();
    NumericIds b = after.numbers();
    if (a == null || b == null || !before.spellsLike(after)) {
      return user -> find(before, after.id(user));
    }
    IdCursor cursor = new IdCursor(b);
    long offset =
        before instanceof UserIds.Integers x && after instanceof UserIds.Integers y
            ? y.smallest - x.smallest
            : 0;
    return user -> {
      cursor.moveTo(user);
      return a.find(cursor.high(), cursor.low() + offset, null);
    };
  }

  /**
   * Returns the user with exactly this id, or with its usual spelling among ids of another type.
   */
  private static int find(UserIds ids, Object id) {
    if (id instanceof UUID uuid) {
      return ids.find(uuid);
    }
    if (id instanceof Long number) {
      return ids.find((long) number);
    }
    int user = ids.find((String) id);
    // a text would find a UUID in either case
    return user == NO_USER || ids.id(user).toString().equals(id) ? user : NO_USER;
  }
}
