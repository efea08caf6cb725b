package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a field of a client that holds any values. They come as new Jackson nodes; a null
 * value is a {@code NullNode}. Resolved once per revision. Make one with {@link
 * ConfigClient#jsonField} and keep it; safe for any thread.
 */
public final class JsonField extends FieldHandle {
  JsonField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * Returns the value of the user whose id has this text, whatever the id's type, or {@code
   * otherwise} if there is none.
   */
  public JsonNode get(@Nullable String userId, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(in(view), view.find(userId), otherwise);
  }

  /** Returns the value of the user whose id is this UUID, or {@code otherwise} if there is none. */
  public JsonNode get(@Nullable UUID userId, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(in(view), view.find(userId), otherwise);
  }

  /**
   * Returns the value of the user whose id is this integer, or {@code otherwise} if there is none.
   */
  public JsonNode get(long userId, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(in(view), view.find(userId), otherwise);
  }

  /**
   * Returns the value as plain Java values, as {@link Lookups#getValue(String, String, Object)}
   * does.
   */
  public @Nullable Object value(@Nullable String userId, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(in(view), view.find(userId), otherwise);
  }

  /** Does the same as {@link #value(String, Object)} for the user whose id is this UUID. */
  public @Nullable Object value(@Nullable UUID userId, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(in(view), view.find(userId), otherwise);
  }

  /** Does the same as {@link #value(String, Object)} for the user whose id is this integer. */
  public @Nullable Object value(long userId, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(in(view), view.find(userId), otherwise);
  }
}
