package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A value field of a client, resolved once per revision. Any value, as a new Jackson node; a null
 * value is a {@code NullNode}. Make one with {@link ConfigClient#jsonField} and keep it; safe for
 * any thread.
 */
public final class JsonField extends FieldHandle {
  JsonField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * The value of the user with this id, of whatever type, or {@code otherwise} if there is none.
   */
  public JsonNode get(String userId, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(in(view), view.find(userId), otherwise);
  }

  /** The value of the user with this UUID, or {@code otherwise} if there is none. */
  public JsonNode get(UUID userId, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(in(view), view.find(userId), otherwise);
  }

  /** The value of the user with this integer, or {@code otherwise} if there is none. */
  public JsonNode get(long userId, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(in(view), view.find(userId), otherwise);
  }

  /** The same as plain Java values, as {@link Lookups#getValue(String, String, Object)} has it. */
  public @Nullable Object value(String userId, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(in(view), view.find(userId), otherwise);
  }

  /** As {@link #value(String, Object)}, of the user with this UUID. */
  public @Nullable Object value(UUID userId, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(in(view), view.find(userId), otherwise);
  }

  /** As {@link #value(String, Object)}, of the user with this integer. */
  public @Nullable Object value(long userId, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(in(view), view.find(userId), otherwise);
  }
}
