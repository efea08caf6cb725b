package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The user ids of a snapshot: finds the user's number for an id, and the id for a number. */
abstract sealed class UserIds permits UserIds.OfNumbers, HashedIds {

  abstract int find(UUID id);

  abstract int find(long id);

  abstract int find(String id);

  abstract Object id(int user);

  /** Returns in how many bits the ids differ, 0 to 128; -1 if they are no numbers. */
  abstract int varyingBits();

  /** Returns an upper bound of the ids in a bucket, and so of the comparisons in a lookup. */
  abstract int longestBucket();

  /** Returns how many bytes this takes in memory. */
  abstract long bytes();

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

    OfNumbers(NumericIds ids) {
      this.ids = ids;
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
    public int find(long idHigh, long idLow) {
      return ids.find(idHigh, idLow);
    }

    @Override
    final int find(UUID id) {
      return find(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    @Override
    final int find(long id) {
      return NO_USER;
    }

    @Override
    final int find(String id) {
      return IdText.ANY_UUID.find(id, this);
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
    int find(UUID id) {
      return NO_USER;
    }

    @Override
    int find(long id) {
      return ids.find(0, id - smallest);
    }

    @Override
    int find(String id) {
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
      return negative || value != Long.MIN_VALUE ? find(negative ? value : -value) : NO_USER;
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
    int find(UUID id) {
      return form.isUuid()
          ? ids.find(id.getMostSignificantBits(), id.getLeastSignificantBits())
          : find(id.toString());
    }

    @Override
    int find(long id) {
      return find(Long.toString(id));
    }

    @Override
    int find(String id) {
      return form.find(id, ids);
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
