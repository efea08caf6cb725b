package dev.satchel.publisher.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a read hands its users to. Called by one thread at a time, on worker threads, never on an
 * event loop. Whatever it throws ends the read, which then fails with just that.
 */
public interface UserSink {
  /** The fields of every user to come, in order; called once, before the first user. */
  void fields(List<String> names);

  /**
   * One user.
   *
   * @param id a {@link java.util.UUID}, {@link Long} or {@link String}; one class throughout a read
   * @param values a value for each field, in the model of {@link
   *     dev.satchel.snapshot.SnapshotEncoder#add}; the array is used again for the next user
   */
  void user(Object id, @Nullable Object[] values);
}
