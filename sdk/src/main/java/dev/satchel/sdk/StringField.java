package dev.satchel.sdk;

import java.util.UUID;

/**
 * A text field of a client, resolved once per revision. Text. Make one with {@link
 * ConfigClient#stringField} and keep it; safe for any thread.
 */
public final class StringField extends FieldHandle {
  StringField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /** The text of the user with this id, of whatever type, or {@code otherwise} if there is none. */
  public String get(String userId, String otherwise) {
    ConfigView view = view();
    return ConfigView.stringAt(in(view), view.find(userId), otherwise);
  }

  /** The text of the user with this UUID, or {@code otherwise} if there is none. */
  public String get(UUID userId, String otherwise) {
    ConfigView view = view();
    return ConfigView.stringAt(in(view), view.find(userId), otherwise);
  }

  /** The text of the user with this integer, or {@code otherwise} if there is none. */
  public String get(long userId, String otherwise) {
    ConfigView view = view();
    return ConfigView.stringAt(in(view), view.find(userId), otherwise);
  }
}
