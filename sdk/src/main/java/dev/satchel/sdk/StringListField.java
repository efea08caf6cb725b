package dev.satchel.sdk;

import java.util.List;
import java.util.UUID;

/**
 * A list of texts field of a client, resolved once per revision. Lists of texts, unmodifiable. Make
 * one with {@link ConfigClient#stringListField} and keep it; safe for any thread.
 */
public final class StringListField extends FieldHandle {
  StringListField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * The list of texts of the user with this id, of whatever type, or {@code otherwise} if there is
   * none.
   */
  public List<String> get(String userId, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(in(view), view.find(userId), otherwise);
  }

  /** The list of texts of the user with this UUID, or {@code otherwise} if there is none. */
  public List<String> get(UUID userId, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(in(view), view.find(userId), otherwise);
  }

  /** The list of texts of the user with this integer, or {@code otherwise} if there is none. */
  public List<String> get(long userId, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(in(view), view.find(userId), otherwise);
  }

  /** Whether the list of the user with this id, of whatever type has this element. */
  public boolean contains(String userId, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(in(view), view.find(userId), element);
  }

  /** Whether the list of the user with this UUID has this element. */
  public boolean contains(UUID userId, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(in(view), view.find(userId), element);
  }

  /** Whether the list of the user with this integer has this element. */
  public boolean contains(long userId, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(in(view), view.find(userId), element);
  }
}
