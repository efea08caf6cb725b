package dev.satchel.publisher.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receives the users of a read. Called by one thread at a time, on worker threads, never on an
 * event loop. Whatever it throws ends the read, which then fails with exactly that; only an {@link
 * IllegalArgumentException} about one user becomes a {@link SourceException} that names the user.
 */
public interface UserSink {
  /**
   * Returns which fields of the query are to be read; the others stay in the database, whatever
   * their type. Called once, before anything else.
   *
   * @param names of all fields that the query returns, in order; two may be equal
   */
  default List<String> chosen(List<String> names) {
    return names;
  }

  /**
   * Receives the names of the fields that are read, in order; called once, before the first user.
   */
  void fields(List<String> names);

  /**
   * Receives one user.
   *
   * @param id a {@link java.util.UUID}, {@link Long} or {@link String}; the same class throughout a
   *     read
   * @param values a value for each field, in the model of {@link
   *     dev.satchel.snapshot.SnapshotEncoder#add}; the array is reused for the next user
   * @param numbers for each value a number below 2^16, which only equal values of the same field
   *     have, so that what was computed for one of them holds for all; -1 for a value without a
   *     number. The array is reused, too
   */
  void user(Object id, @Nullable Object[] values, int[] numbers);
}
