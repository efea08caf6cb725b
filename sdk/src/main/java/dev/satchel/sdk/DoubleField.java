package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a number field of a client: any number, as the nearest double. Resolved once per
 * revision. Make one with {@link ConfigClient#doubleField} and keep it; safe for any thread.
 */
public final class DoubleField extends FieldHandle {
  DoubleField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * Returns the number of the user whose id has this text, whatever the id's type, or {@code
   * otherwise} if there is none.
   */
  public double get(@Nullable String userId, double otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.doubleAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Returns the number of the user whose id is this UUID, or {@code otherwise} if there is none.
   */
  public double get(@Nullable UUID userId, double otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.doubleAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Returns the number of the user whose id is this integer, or {@code otherwise} if there is none.
   */
  public double get(long userId, double otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.doubleAt(field, view.find(userId, field), otherwise);
  }
}
