package dev.satchel.sdk;

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
    return ConfigView.booleanAt(in(view), view.find(userId), otherwise);
  }

  /**
   * Returns the boolean of the user whose id is this UUID, or {@code otherwise} if there is none.
   */
  public boolean get(@Nullable UUID userId, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(in(view), view.find(userId), otherwise);
  }

  /**
   * Returns the boolean of the user whose id is this integer, or {@code otherwise} if there is
   * none.
   */
  public boolean get(long userId, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(in(view), view.find(userId), otherwise);
  }
}
