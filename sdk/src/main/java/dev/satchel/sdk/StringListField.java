package dev.satchel.sdk;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a field of a client that holds lists of texts, which are unmodifiable. Resolved once
 * per revision. Make one with {@link ConfigClient#stringListField} and keep it; safe for any
 * thread.
 */
public final class StringListField extends FieldHandle {
  StringListField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * Returns the list of texts of the user whose id has this text, whatever the id's type, or {@code
   * otherwise} if there is none.
   */
  public List<String> get(@Nullable String userId, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(in(view), view.find(userId), otherwise);
  }

  /**
   * Returns the list of texts of the user whose id is this UUID, or {@code otherwise} if there is
   * none.
   */
  public List<String> get(@Nullable UUID userId, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(in(view), view.find(userId), otherwise);
  }

  /**
   * Returns the list of texts of the user whose id is this integer, or {@code otherwise} if there
   * is none.
   */
  public List<String> get(long userId, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(in(view), view.find(userId), otherwise);
  }

  /**
   * Returns whether the list of the user whose id has this text, whatever the id's type, has this
   * element.
   */
  public boolean contains(@Nullable String userId, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(in(view), view.find(userId), element);
  }

  /** Returns whether the list of the user whose id is this UUID has this element. */
  public boolean contains(@Nullable UUID userId, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(in(view), view.find(userId), element);
  }

  /** Returns whether the list of the user whose id is this integer has this element. */
  public boolean contains(long userId, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(in(view), view.find(userId), element);
  }
}
