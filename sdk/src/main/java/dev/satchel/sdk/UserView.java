package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One user in one view, for going through all of them: {@link ConfigView#stream}. Immutable, safe
 * for any thread; it keeps its view in memory.
 */
public final class UserView {
  private final ConfigView view;
  private final int user;

  UserView(ConfigView view, int user) {
    this.view = view;
    this.user = user;
  }

  /** The user's id: a {@link java.util.UUID}, {@link Long} or {@link String}, made at each call. */
  public Object id() {
    return view.idAt(user);
  }

  /** The boolean in this field, or {@code otherwise} if there is none. Allocates nothing. */
  public boolean getBoolean(String field, boolean otherwise) {
    return ConfigView.booleanAt(view.field(field), user, otherwise);
  }

  /** The integer in this field, or {@code otherwise} if there is none. Allocates nothing. */
  public long getLong(String field, long otherwise) {
    return ConfigView.longAt(view.field(field), user, otherwise);
  }

  /** The number in this field as the nearest double, or {@code otherwise} if there is none. */
  public double getDouble(String field, double otherwise) {
    return ConfigView.doubleAt(view.field(field), user, otherwise);
  }

  /** The text in this field, or {@code otherwise} if there is none. */
  public String getString(String field, String otherwise) {
    return ConfigView.stringAt(view.field(field), user, otherwise);
  }

  /** The list of texts in this field, unmodifiable, or {@code otherwise} if there is none. */
  public List<String> getStringList(String field, List<String> otherwise) {
    return ConfigView.stringListAt(view.field(field), user, otherwise);
  }

  /** Whether the list in this field has this text as an element. */
  public boolean contains(String field, String element) {
    return ConfigView.containsAt(view.field(field), user, element);
  }

  /** The value in this field as a new Jackson node, or {@code otherwise} if there is none. */
  public JsonNode getJson(String field, JsonNode otherwise) {
    return ConfigView.jsonAt(view.field(field), user, otherwise);
  }

  /** All fields as a new Jackson object, as {@link Lookups#config(String)} gives it. */
  public ObjectNode config() {
    return view.configAt(user).orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /** All fields bound to a type, as {@link Lookups#config(String, Class)} gives it. */
  public <T> Optional<T> config(Class<T> type) {
    return view.boundAt(user, type);
  }

  @Override
  public String toString() {
    return "user " + id() + " at revision " + view.revision();
  }
}
