package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A handle on an integer field of a client: whole numbers in the range of a long. Resolved once per
 * revision. Allocates nothing. Make one with {@link ConfigClient#longField} and keep it; safe for
 * any thread.
 */
public final class LongField extends FieldHandle {
  LongField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * Returns the integer of the user whose id has this text, whatever the id's type, or {@code
   * otherwise} if there is none.
   */
  public long get(@Nullable String userId, long otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.longAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Returns the integer of the user whose id is this UUID, or {@code otherwise} if there is none.
   */
  public long get(@Nullable UUID userId, long otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.longAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Returns the integer of the user whose id is this integer, or {@code otherwise} if there is
   * none.
   */
  public long get(long userId, long otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.longAt(field, view.find(userId, field), otherwise);
  }
}
