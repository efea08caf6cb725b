package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a text field of a client, resolved once per revision. Make one with {@link
 * ConfigClient#stringField} and keep it; safe for any thread.
 */
public final class StringField extends FieldHandle {
  StringField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * Returns the text of the user whose id has this text, whatever the id's type, or {@code
   * otherwise} if there is none.
   */
  public String get(@Nullable String userId, String otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.stringAt(field, view.find(userId, field), otherwise);
  }

  /** Returns the text of the user whose id is this UUID, or {@code otherwise} if there is none. */
  public String get(@Nullable UUID userId, String otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.stringAt(field, view.find(userId, field), otherwise);
  }

  /**
   * Returns the text of the user whose id is this integer, or {@code otherwise} if there is none.
   */
  public String get(long userId, String otherwise) {
    ConfigView view = view();
    Field field = in(view);
    return ConfigView.stringAt(field, view.find(userId, field), otherwise);
  }
}
