package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One user in one view, as {@link ConfigView#stream} returns it. Immutable, safe for any thread. It
 * keeps its view in memory.
 */
public final class UserView {
  private final ConfigView view;
  private final int user;

  UserView(ConfigView view, int user) {
    this.view = view;
    this.user = user;
  }

  /**
   * Returns the user's id: a {@link java.util.UUID}, {@link Long} or {@link String}, made anew at
   * each call.
   */
  public Object id() {
    return view.idAt(user);
  }

  /**
   * Returns the boolean in this field, or {@code otherwise} if there is none. Allocates nothing.
   */
  public boolean getBoolean(String field, boolean otherwise) {
    return ConfigView.booleanAt(view.field(field, FieldType.AS_BOOLEAN), user, otherwise);
  }

  /**
   * Returns the integer in this field, or {@code otherwise} if there is none. Allocates nothing.
   */
  public long getLong(String field, long otherwise) {
    return ConfigView.longAt(view.field(field, FieldType.AS_LONG), user, otherwise);
  }

  /**
   * Returns the number in this field as the nearest double, or {@code otherwise} if there is none.
   */
  public double getDouble(String field, double otherwise) {
    return ConfigView.doubleAt(view.field(field, FieldType.AS_DOUBLE), user, otherwise);
  }

  /** Returns the text in this field, or {@code otherwise} if there is none. */
  public String getString(String field, String otherwise) {
    return ConfigView.stringAt(view.field(field, FieldType.AS_STRING), user, otherwise);
  }

  /**
   * Returns the list of texts in this field, unmodifiable, or {@code otherwise} if there is none.
   */
  public List<String> getStringList(String field, List<String> otherwise) {
    return ConfigView.stringListAt(view.field(field, FieldType.AS_STRING_LIST), user, otherwise);
  }

  /** Returns whether the list in this field has this text as an element. */
  public boolean contains(String field, String element) {
    return ConfigView.containsAt(view.field(field, FieldType.AS_STRING_LIST), user, element);
  }

  /**
   * Returns the value in this field as a new Jackson node, or {@code otherwise} if there is none.
   */
  public JsonNode getJson(String field, JsonNode otherwise) {
    return ConfigView.jsonAt(view.field(field, FieldType.AS_JSON), user, otherwise);
  }

  /** Returns all fields as a new Jackson object, as {@link Lookups#config(String)} does. */
  public ObjectNode config() {
    return view.configAt(user).orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /**
   * Returns all fields bound to a type, as {@link Lookups#config(String, Class)} does, or empty if
   * they do not fit it, so that one user does not end a stream over all. Logs the first such user
   * of each type and revision.
   */
  public <T> Optional<T> config(Class<T> type) {
    try {
      return view.boundAt(user, type);
    } catch (IllegalArgumentException e) {
      view.mistakes()
          .add(
              "users of " + type.getName(),
              () -> "users are left out of a stream, the first one: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "user " + id() + " at revision " + view.revision();
  }
}
