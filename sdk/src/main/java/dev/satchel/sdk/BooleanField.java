package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a boolean field of a client, resolved once per revision. Allocates nothing. Make one
 * with {@link ConfigClient#booleanField} and keep it; safe for any thread.
 */
public final class BooleanField extends FieldHandle {
  BooleanField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * Returns the boolean of the user whose id has this text, whatever the id's type, or {@code
   * otherwise} if there is none.
   */
  public boolean get(@Nullable String userId, boolean otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.booleanAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Returns the boolean of the user whose id is this UUID, or {@code otherwise} if there is none.
   */
  public boolean get(@Nullable UUID userId, boolean otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.booleanAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Returns the boolean of the user whose id is this integer, or {@code otherwise} if there is
   * none.
   */
  public boolean get(long userId, boolean otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.booleanAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Answers for many users at once, from one revision. Where memory is far, which it is in an
   * application that does other work as well, this takes less than half the time of a loop over
   * {@link #get(UUID, boolean)}. Allocates one small array, however many users there are.
   *
   * @param userIds the users; null belongs to nobody
   * @param into has the defaults before, and the answers afterwards: where there is no boolean for
   *     a user, the element stays as it is
   * @throws IllegalArgumentException if there are not as many elements as users
   */
  public void getAll(@Nullable UUID[] userIds, boolean[] into) {
    checkLengths(userIds.length, into.length);
    ConfigView view = view();
    Field field = in(view);
    int[] users = usersAtOnce(userIds.length);
    for (int from = 0; from < userIds.length; from += users.length) {
      view.find(userIds, from, users);
      answer(field, users, from, into);
    }
  }

  /** Does the same as {@link #getAll(UUID[], boolean[])} for ids given as texts. */
  public void getAll(@Nullable String[] userIds, boolean[] into) {
    checkLengths(userIds.length, into.length);
    ConfigView view = view();
    Field field = in(view);
    int[] users = usersAtOnce(userIds.length);
    for (int from = 0; from < userIds.length; from += users.length) {
      view.find(userIds, from, users);
      answer(field, users, from, into);
    }
  }

  /** Does the same as {@link #getAll(UUID[], boolean[])} for ids given as integers. */
  public void getAll(long[] userIds, boolean[] into) {
    checkLengths(userIds.length, into.length);
    ConfigView view = view();
    Field field = in(view);
    int[] users = usersAtOnce(userIds.length);
    for (int from = 0; from < userIds.length; from += users.length) {
      view.find(userIds, from, users);
      answer(field, users, from, into);
    }
  }

  private static void answer(@Nullable Field field, int[] users, int from, boolean[] into) {
    int count = Math.min(users.length, into.length - from);
    for (int i = 0; i < count; i++) {
      into[from + i] = ConfigView.booleanAt(field, users[i], into[from + i]);
    }
  }
}
