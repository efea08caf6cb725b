package dev.satchel.sdk;

import java.util.UUID;

/**
 * A integer field of a client, resolved once per revision. Whole numbers in the range of a long.
 * Allocates nothing. Make one with {@link ConfigClient#longField} and keep it; safe for any thread.
 */
public final class LongField extends FieldHandle {
  LongField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * The integer of the user with this id, of whatever type, or {@code otherwise} if there is none.
   */
  public long get(String userId, long otherwise) {
    ConfigView view = view();
    return ConfigView.longAt(in(view), view.find(userId), otherwise);
  }

  /** The integer of the user with this UUID, or {@code otherwise} if there is none. */
  public long get(UUID userId, long otherwise) {
    ConfigView view = view();
    return ConfigView.longAt(in(view), view.find(userId), otherwise);
  }

  /** The integer of the user with this integer, or {@code otherwise} if there is none. */
  public long get(long userId, long otherwise) {
    ConfigView view = view();
    return ConfigView.longAt(in(view), view.find(userId), otherwise);
  }
}
