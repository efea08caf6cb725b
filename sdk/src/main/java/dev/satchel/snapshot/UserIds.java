package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The user ids of a snapshot: finds the user's number for an id, and the id for a number. */
abstract sealed class UserIds permits UserIds.OfNumbers, HashedIds {

  /**
   * Returns the number of the user with this id, or {@link Snapshot#NO_USER}.
   *
   * @param next a column whose value of this user is wanted next: begins to read it
   */
  abstract int find(UUID id, @Nullable Column next);

  /** Does the same for an integer. */
  abstract int find(long id, @Nullable Column next);

  /** Does the same for a text. */
  abstract int find(String id, @Nullable Column next);

  /** Finds a user of whom nothing is wanted next. */
  final int find(UUID id) {
    return find(id, null);
  }

  /** Does the same for an integer. */
  final int find(long id) {
    return find(id, null);
  }

  /** Does the same for a text. */
  final int find(String id) {
    return find(id, null);
  }

  /**
   * Reads the first memory that {@link #find(UUID)} does, so that it is near afterwards, in as few
   * steps as possible. Returns a number of no use, since a compiler drops what nobody uses.
   */
  int touch(UUID id) {
    return candidate(id);
  }

  /** Does the same for an integer. */
  int touch(long id) {
    return candidate(id);
  }

  /**
   * Returns {@link Snapshot#NO_USER} if no user has this id. Returns any other number if one may
   * have it, without waiting for more than the first memory that {@link #find(UUID)} reads.
   */
  abstract int candidate(UUID id);

  /** Does the same for an integer. */
  abstract int candidate(long id);

  /** Does the same for a text. */
  abstract int candidate(String id);

  /**
   * Finds many users: first touches what all of them need, then goes on with it. The less a pass
   * does for each id, the more of its waits for memory a processor can have at once.
   *
   * @param users is filled from its start with a number for each of {@code count} ids
   */
  void find(@Nullable UUID[] ids, int from, int count, int[] users) {
    for (int i = 0; i < count; i++) {
      UUID id = ids[from + i];
      users[i] = id == null ? NO_USER : touch(id);
    }
    for (int i = 0; i < count; i++) {
      UUID id = ids[from + i];
      users[i] = id == null ? NO_USER : find(id);
    }
  }

  /** Does the same for texts. */
  final void find(@Nullable String[] ids, int from, int count, int[] users) {
    for (int i = 0; i < count; i++) {
      String id = ids[from + i];
      users[i] = id == null ? NO_USER : candidate(id);
    }
    int zero = 0;
    for (int i = 0; i < count; i++) {
      zero |= users[i] == NO_USER ? 0 : touchCandidate(users[i]);
    }
    for (int i = 0; i < count; i++) {
      String id = ids[from + i];
      users[i] = id == null || users[i] == NO_USER ? NO_USER : find(id) | zero;
    }
  }

  /**
   * Reads what tells whether a candidate for a text is the user, if more than one wait for memory
   * is saved by it. Returns 0, which the compiler does not know.
   */
  int touchCandidate(int candidate) {
    return 0;
  }

  /** Does the same for integers. */
  final void find(long[] ids, int from, int count, int[] users) {
    for (int i = 0; i < count; i++) {
      users[i] = touch(ids[from + i]);
    }
    for (int i = 0; i < count; i++) {
      users[i] = candidate(ids[from + i]);
    }
    for (int i = 0; i < count; i++) {
      users[i] = users[i] == NO_USER ? NO_USER : find(ids[from + i]);
    }
  }

  abstract Object id(int user);

  /** Puts the ids of users in a row into an array. */
  void ids(int from, Object[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = id(from + i);
    }
  }

  /** Returns in how many bits the ids differ, 0 to 128; -1 if they are no numbers. */
  abstract int varyingBits();

  /** Returns an upper bound of the ids in a bucket, and so of the comparisons in a lookup. */
  abstract int longestBucket();

  /** Returns how many bytes this takes in memory. */
  abstract long bytes();

  /** Returns what the section of the ids opened to, made anew as far as nothing else needs it. */
  abstract List<Run> runs();

  /** Returns the numbers that stand for the ids, or null if there are none. */
  abstract @Nullable NumericIds numbers();

  /**
   * Returns whether equal numbers of these ids and of others stand for equal ids, apart from an
   * offset.
   */
  boolean spellsLike(UserIds other) {
    return getClass() == other.getClass();
  }

  /** Ids that stand for numbers. */
  abstract static sealed class OfNumbers extends UserIds permits Uuids, Integers, Numbered {
    final NumericIds ids;
    final NumberSearch candidates;

    OfNumbers(NumericIds ids) {
      this.ids = ids;
      this.candidates =
          new NumberSearch() { // a lambda would cost the first opening of a process some ms
            @Override
            public int find(long idHigh, long idLow, @Nullable Column next) {
              return ids.candidate(idHigh, idLow);
            }
          };
    }

    /** Returns the id that a number stands for. */
    abstract Object id(long high, long low);

    @Override
    Object id(int user) {
      long[] words = new long[2];
      ids.id(user, words);
      return id(words[0], words[1]);
    }

    @Override
    final void ids(int from, Object[] into) {
      IdCursor cursor = new IdCursor(ids, from);
      for (int i = 0; i < into.length; i++) {
        cursor.moveTo(from + i);
        into[i] = id(cursor.high(), cursor.low());
      }
    }

    @Override
    int varyingBits() {
      return ids.width();
    }

    @Override
    int longestBucket() {
      return ids.longestBucket();
    }

    @Override
    long bytes() {
      return ids.bytes();
    }

    @Override
    List<Run> runs() {
      return ids.runs();
    }

    @Override
    NumericIds numbers() {
      return ids;
    }
  }

  /** Ids that are UUIDs. */
  static sealed class Uuids extends OfNumbers implements NumberSearch permits RandomUuids {
    Uuids(NumericIds ids) {
      super(ids);
    }

    @Override
    public int find(long idHigh, long idLow, @Nullable Column next) {
      return ids.find(idHigh, idLow, next);
    }

    int candidate(long idHigh, long idLow) {
      return ids.candidate(idHigh, idLow);
    }

    @Override
    final int find(UUID id, @Nullable Column next) {
      return find(id.getMostSignificantBits(), id.getLeastSignificantBits(), next);
    }

    @Override
    final int find(long id, @Nullable Column next) {
      return NO_USER;
    }

    @Override
    final int find(String id, @Nullable Column next) {
      return IdText.ANY_UUID.find(id, this, next);
    }

    @Override
    int touch(UUID id) {
      return ids.touch(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    @Override
    final int candidate(UUID id) {
      return candidate(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    @Override
    final int candidate(long id) {
      return NO_USER;
    }

    @Override
    final int candidate(String id) {
      return IdText.ANY_UUID.find(id, candidates, null);
    }

    @Override
    final Object id(long high, long low) {
      return new UUID(high, low);
    }

    @Override
    final boolean spellsLike(UserIds other) {
      return other instanceof Uuids;
    }
  }

  /** Ids that are integers; their numbers are counted from the smallest. */
  static final class Integers extends OfNumbers {
    final long smallest;

    Integers(NumericIds ids, long smallest) {
      super(ids);
      this.smallest = smallest;
    }

    @Override
    int find(UUID id, @Nullable Column next) {
      return NO_USER;
    }

    @Override
    int find(long id, @Nullable Column next) {
      return ids.find(0, id - smallest, next);
    }

    @Override
    int candidate(UUID id) {
      return NO_USER;
    }

    @Override
    int touch(long id) {
      return ids.touch(0, id - smallest);
    }

    @Override
    int candidate(long id) {
      return ids.candidate(0, id - smallest);
    }

    @Override
    int candidate(String id) {
      return find(id, candidates, null);
    }

    @Override
    int find(String id, @Nullable Column next) {
      return find(id, ids, next);
    }

    private int find(String id, NumberSearch search, @Nullable Column next) {
      boolean negative = !id.isEmpty() && id.charAt(0) == '-';
      int from = negative ? 1 : 0;
      int digits = id.length() - from;
      if (digits < 1 || digits > 19 || (id.charAt(from) == '0' && id.length() > 1)) {
        return NO_USER;
      }
      long value = 0;
      for (int i = from; i < id.length(); i++) {
        int digit = id.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          return NO_USER;
        }
        value = value * 10 - digit; // negative, since Long.MIN_VALUE has no positive twin
        if (value > 0) {
          return NO_USER;
        }
      }
      return negative || value != Long.MIN_VALUE
          ? search.find(0, (negative ? value : -value) - smallest, next)
          : NO_USER;
    }

    @Override
    Object id(long high, long low) {
      return low + smallest;
    }
  }

  /** Ids that are texts of one form that stands for a number, such as {@code user-17}. */
  static final class Numbered extends OfNumbers {
    private final TextForm form;

    Numbered(NumericIds ids, TextForm form) {
      super(ids);
      this.form = form;
    }

    @Override
    int find(UUID id, @Nullable Column next) {
      return form.isUuid()
          ? ids.find(id.getMostSignificantBits(), id.getLeastSignificantBits(), next)
          : find(id.toString(), next);
    }

    @Override
    int find(long id, @Nullable Column next) {
      return find(Long.toString(id), next);
    }

    @Override
    int find(String id, @Nullable Column next) {
      return form.find(id, ids, next);
    }

    @Override
    int candidate(UUID id) {
      return form.isUuid()
          ? ids.candidate(id.getMostSignificantBits(), id.getLeastSignificantBits())
          : candidate(id.toString());
    }

    @Override
    int candidate(long id) {
      return candidate(Long.toString(id));
    }

    @Override
    int candidate(String id) {
      return form.find(id, candidates, null);
    }

    @Override
    Object id(long high, long low) {
      return form.text(high, low);
    }

    @Override
    boolean spellsLike(UserIds other) {
      return other instanceof Numbered numbered && form.equals(numbered.form);
    }
  }
}
