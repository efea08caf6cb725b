package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The difference between two snapshots: users added, removed and changed. That a user lacks a field
 * counts the same as that the snapshot lacks it. Holds both snapshots in memory, plus 4 bytes for
 * each user added or removed and 8 for each changed. Immutable, safe for any thread.
 */
public final class SnapshotDiff {
  private static final Column NOTHING = new ScalarColumns.Constant(Snapshot.ABSENT);

  private final Snapshot before;
  private final Snapshot after;
  private final List<String> fieldNames;
  private final int[] added;
  private final int[] removed;

  /** The changed users' numbers in the earlier snapshot, in the order of the later. */
  private final int[] changedBefore;

  private final int[] changedAfter;
  private final int changedInCommonFields;
  private final Map<String, Integer> changedByField;

  private SnapshotDiff(Snapshot before, Snapshot after) {
    this.before = before;
    this.after = after;
    Set<String> names = new LinkedHashSet<>(after.fieldNames());
    names.addAll(before.fieldNames());
    this.fieldNames = List.copyOf(names);
    Map<String, Integer> byField = new LinkedHashMap<>();
    if (before.contentHash().equals(after.contentHash())) {
      added = removed = changedBefore = changedAfter = new int[0];
      changedInCommonFields = 0;
    } else {
      UserPairs pairs = UserPairs.of(before, after);
      added = pairs.added();
      removed = pairs.removed();
      BitSet changed = new BitSet(after.users());
      List<String> common = new ArrayList<>(after.fieldNames());
      common.retainAll(Set.copyOf(before.fieldNames()));
      Map<String, Integer> found = new HashMap<>();
      for (String name : common) {
        if (!pairs.areIdentical() || !before.hasSameFieldAs(after, name)) {
          found.put(name, compare(pairs, column(before, name), column(after, name), changed));
        }
      }
      changedInCommonFields = changed.cardinality();
      for (String name : fieldNames) {
        int users =
            common.contains(name)
                ? found.getOrDefault(name, 0)
                : compare(pairs, column(before, name), column(after, name), changed);
        if (users > 0) {
          byField.put(name, users);
        }
      }
      changedAfter = changed.stream().toArray();
      changedBefore = beforeOf(changedAfter, pairs);
    }
    this.changedByField = Collections.unmodifiableMap(byField);
  }

  /**
   * Compares two snapshots of any content and order.
   *
   * <p>Cost: columns stored in the same bytes are not compared. Otherwise each user's id and value
   * is compared as it lies in memory, and objects are made only for values that differ or are
   * written in another way. Mixed ids, such as time-ordered UUIDs, are looked up one by one if any
   * user was added or removed.
   *
   * @throws SnapshotFormatException if a field that has to be opened is not sound
   */
  public static SnapshotDiff between(Snapshot before, Snapshot after) {
    return new SnapshotDiff(before, after);
  }

  /** Returns the earlier snapshot. */
  public Snapshot before() {
    return before;
  }

  /** Returns the later snapshot. */
  public Snapshot after() {
    return after;
  }

  /** Returns whether both have the same users with the same values. */
  public boolean isEmpty() {
    return added() + removed() + changed() == 0;
  }

  /** Returns how many users only the later snapshot has. */
  public int added() {
    return added.length;
  }

  /** Returns how many users only the earlier snapshot has. */
  public int removed() {
    return removed.length;
  }

  /** Returns how many users are in both snapshots with different values. */
  public int changed() {
    return changedAfter.length;
  }

  /**
   * Returns how many users differ in fields that both snapshots have. Users that differ only by a
   * new or a removed field do not count.
   */
  public int changedInCommonFields() {
    return changedInCommonFields;
  }

  /**
   * Returns the names of the fields of both snapshots: the later one's in its order, then those it
   * lost.
   */
  public List<String> fieldNames() {
    return fieldNames;
  }

  /**
   * Returns, for each field in which changed users differ, how many do. Added and removed users do
   * not count.
   */
  public Map<String, Integer> changedByField() {
    return changedByField;
  }

  /**
   * Returns the fields in which any user differs, including added and removed users. At most looks
   * at each of these.
   */
  public Set<String> changedFields() {
    Set<String> changed = new LinkedHashSet<>();
    for (String name : fieldNames) {
      if (changedByField.containsKey(name)
          || anyHas(after, added, name)
          || anyHas(before, removed, name)) {
        changed.add(name);
      }
    }
    return Collections.unmodifiableSet(changed);
  }

  /**
   * Returns the change of every user that differs: first those added, then those removed, then
   * those changed.
   */
  public Stream<UserChange> users() {
    return Stream.of(
            Arrays.stream(added).mapToObj(user -> new UserChange(this, NO_USER, user)),
            Arrays.stream(removed).mapToObj(user -> new UserChange(this, user, NO_USER)),
            IntStream.range(0, changedAfter.length)
                .mapToObj(i -> new UserChange(this, changedBefore[i], changedAfter[i])))
        .flatMap(changes -> changes);
  }

  /**
   * Returns the change of one user, or empty if there is none. Costs two lookups.
   *
   * @param userId the text of the id, whatever its type
   */
  public Optional<UserChange> user(String userId) {
    int userBefore = before.find(userId);
    int userAfter = after.find(userId);
    boolean inBoth = userBefore != NO_USER && userAfter != NO_USER;
    boolean same =
        inBoth ? Arrays.binarySearch(changedAfter, userAfter) < 0 : userBefore == userAfter;
    return same ? Optional.empty() : Optional.of(new UserChange(this, userBefore, userAfter));
  }

  /** Marks the users whose values differ, and returns how many there are. */
  private static int compare(UserPairs pairs, Column before, Column after, BitSet changed) {
    SameValues.Test test = SameValues.of(before, after);
    int users = 0;
    for (int run = 0; run < pairs.runs(); run++) {
      int userBefore = pairs.beforeStart(run);
      int userAfter = pairs.afterStart(run);
      int end = userAfter + pairs.length(run);
      for (; userAfter < end; userBefore++, userAfter++) {
        if (!test.areSame(userBefore, userAfter)) {
          changed.set(userAfter);
          users++;
        }
      }
    }
    return users;
  }

  private static int[] beforeOf(int[] usersAfter, UserPairs pairs) {
    int[] usersBefore = new int[usersAfter.length];
    int run = 0;
    for (int i = 0; i < usersAfter.length; i++) {
      while (usersAfter[i] >= pairs.afterStart(run) + pairs.length(run)) {
        run++;
      }
      usersBefore[i] = pairs.beforeStart(run) + usersAfter[i] - pairs.afterStart(run);
    }
    return usersBefore;
  }

  private static boolean anyHas(Snapshot snapshot, int[] users, String name) {
    Field field = snapshot.field(name);
    return field != null
        && Arrays.stream(users).anyMatch(user -> field.value(user) != Snapshot.ABSENT);
  }

  private static Column column(Snapshot snapshot, String name) {
    Field field = snapshot.field(name);
    return field == null ? NOTHING : field.column();
  }

  /** Returns the revisions and the counts. */
  @Override
  public String toString() {
    return "revision %d to %d: %d users added, %d removed, %d changed"
        .formatted(before.revision(), after.revision(), added(), removed(), changed());
  }
}
