package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.snapshot.Field;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Local lookups by user id: a UUID, an integer, or text, which also finds UUIDs and integers by
 * their spelling. Lookups answer from memory, never use the network, and never throw for a missing
 * user or field. Each answers from one revision; to make several from the same revision, use {@link
 * #view}. Safe for any thread.
 *
 * <p>A user id may be null, as when nobody is signed in; it belongs to no user.
 */
public interface Lookups {

  /** Returns the view in use now, which never changes. Costs nothing. */
  ConfigView view();

  /**
   * Returns the user's boolean in this field, or {@code otherwise} if there is none. Allocates
   * nothing.
   */
  default boolean getBoolean(@Nullable String userId, String field, boolean otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_BOOLEAN);
    return ConfigView.booleanAt(found, view.find(userId, found), otherwise);
  }

  /**
   * Does the same as {@link #getBoolean(String, String, boolean)} for a user whose id is a UUID.
   */
  default boolean getBoolean(@Nullable UUID userId, String field, boolean otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_BOOLEAN);
    return ConfigView.booleanAt(found, view.find(userId, found), otherwise);
  }

  /**
   * Does the same as {@link #getBoolean(String, String, boolean)} for a user whose id is an
   * integer.
   */
  default boolean getBoolean(long userId, String field, boolean otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_BOOLEAN);
    return ConfigView.booleanAt(found, view.find(userId, found), otherwise);
  }

  /**
   * Returns the user's integer in this field, or {@code otherwise} if there is no whole number in
   * the range of a long. Allocates nothing.
   */
  default long getLong(@Nullable String userId, String field, long otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_LONG);
    return ConfigView.longAt(found, view.find(userId, found), otherwise);
  }

  /** Does the same as {@link #getLong(String, String, long)} for a user whose id is a UUID. */
  default long getLong(@Nullable UUID userId, String field, long otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_LONG);
    return ConfigView.longAt(found, view.find(userId, found), otherwise);
  }

  /** Does the same as {@link #getLong(String, String, long)} for a user whose id is an integer. */
  default long getLong(long userId, String field, long otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_LONG);
    return ConfigView.longAt(found, view.find(userId, found), otherwise);
  }

  /**
   * Returns the user's number in this field as the nearest double, or {@code otherwise} if there is
   * none.
   */
  default double getDouble(@Nullable String userId, String field, double otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_DOUBLE);
    return ConfigView.doubleAt(found, view.find(userId, found), otherwise);
  }

  /** Does the same as {@link #getDouble(String, String, double)} for a user whose id is a UUID. */
  default double getDouble(@Nullable UUID userId, String field, double otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_DOUBLE);
    return ConfigView.doubleAt(found, view.find(userId, found), otherwise);
  }

  /**
   * Does the same as {@link #getDouble(String, String, double)} for a user whose id is an integer.
   */
  default double getDouble(long userId, String field, double otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_DOUBLE);
    return ConfigView.doubleAt(found, view.find(userId, found), otherwise);
  }

  /** Returns the user's text in this field, or {@code otherwise} if there is none. */
  default String getString(@Nullable String userId, String field, String otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_STRING);
    return ConfigView.stringAt(found, view.find(userId, found), otherwise);
  }

  /** Does the same as {@link #getString(String, String, String)} for a user whose id is a UUID. */
  default String getString(@Nullable UUID userId, String field, String otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_STRING);
    return ConfigView.stringAt(found, view.find(userId, found), otherwise);
  }

  /**
   * Does the same as {@link #getString(String, String, String)} for a user whose id is an integer.
   */
  default String getString(long userId, String field, String otherwise) {
    ConfigView view = view();
    Field found = view.field(field, FieldType.AS_STRING);
    return ConfigView.stringAt(found, view.find(userId, found), otherwise);
  }

  /**
   * Returns the user's list of texts in this field, unmodifiable, or {@code otherwise} if there is
   * no list or it holds something else.
   */
  default List<String> getStringList(
      @Nullable String userId, String field, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(
        view.field(field, FieldType.AS_STRING_LIST), view.find(userId), otherwise);
  }

  /**
   * Does the same as {@link #getStringList(String, String, List)} for a user whose id is a UUID.
   */
  default List<String> getStringList(@Nullable UUID userId, String field, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(
        view.field(field, FieldType.AS_STRING_LIST), view.find(userId), otherwise);
  }

  /**
   * Does the same as {@link #getStringList(String, String, List)} for a user whose id is an
   * integer.
   */
  default List<String> getStringList(long userId, String field, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(
        view.field(field, FieldType.AS_STRING_LIST), view.find(userId), otherwise);
  }

  /**
   * Returns the user's value in this field as a new Jackson node, or {@code otherwise} if the user
   * has no such field. A null value is a {@code NullNode}, so that it can be told from an absent
   * one.
   */
  default JsonNode getJson(@Nullable String userId, String field, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(view.field(field, FieldType.AS_JSON), view.find(userId), otherwise);
  }

  /** Does the same as {@link #getJson(String, String, JsonNode)} for a user whose id is a UUID. */
  default JsonNode getJson(@Nullable UUID userId, String field, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(view.field(field, FieldType.AS_JSON), view.find(userId), otherwise);
  }

  /**
   * Does the same as {@link #getJson(String, String, JsonNode)} for a user whose id is an integer.
   */
  default JsonNode getJson(long userId, String field, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(view.field(field, FieldType.AS_JSON), view.find(userId), otherwise);
  }

  /**
   * Returns the user's value in this field as plain Java values, or {@code otherwise} if the user
   * has no such field: null, Boolean, Long, Double, BigDecimal, String, or an unmodifiable List or
   * Map of these.
   */
  default @Nullable Object getValue(
      @Nullable String userId, String field, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(view.field(field, FieldType.AS_JSON), view.find(userId), otherwise);
  }

  /** Does the same as {@link #getValue(String, String, Object)} for a user whose id is a UUID. */
  default @Nullable Object getValue(
      @Nullable UUID userId, String field, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(view.field(field, FieldType.AS_JSON), view.find(userId), otherwise);
  }

  /**
   * Does the same as {@link #getValue(String, String, Object)} for a user whose id is an integer.
   */
  default @Nullable Object getValue(long userId, String field, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(view.field(field, FieldType.AS_JSON), view.find(userId), otherwise);
  }

  /**
   * Returns whether the user's list in this field has this text as an element: whether the user is
   * in a group, say, or on a list.
   */
  default boolean contains(@Nullable String userId, String field, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(
        view.field(field, FieldType.AS_STRING_LIST), view.find(userId), element);
  }

  /** Does the same as {@link #contains(String, String, String)} for a user whose id is a UUID. */
  default boolean contains(@Nullable UUID userId, String field, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(
        view.field(field, FieldType.AS_STRING_LIST), view.find(userId), element);
  }

  /**
   * Does the same as {@link #contains(String, String, String)} for a user whose id is an integer.
   */
  default boolean contains(long userId, String field, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(
        view.field(field, FieldType.AS_STRING_LIST), view.find(userId), element);
  }

  /** Returns whether there is a user with this id. */
  default boolean hasUser(@Nullable String userId) {
    ConfigView view = view();
    return view.find(userId) >= 0;
  }

  /** Does the same as {@link #hasUser(String)} for a user whose id is a UUID. */
  default boolean hasUser(@Nullable UUID userId) {
    ConfigView view = view();
    return view.find(userId) >= 0;
  }

  /** Does the same as {@link #hasUser(String)} for a user whose id is an integer. */
  default boolean hasUser(long userId) {
    ConfigView view = view();
    return view.find(userId) >= 0;
  }

  /**
   * Returns all fields of a user as a new Jackson object, which the caller may change, or empty if
   * there is no such user. Fields that the user does not have are left out. As with {@code
   * readTree}, whole numbers are int, long or big integer nodes and fractions are double nodes;
   * exact decimals (numeric) are decimal nodes.
   */
  default Optional<ObjectNode> config(@Nullable String userId) {
    ConfigView view = view();
    return view.configAt(view.find(userId));
  }

  /** Does the same as {@link #config(String)} for a user whose id is a UUID. */
  default Optional<ObjectNode> config(@Nullable UUID userId) {
    ConfigView view = view();
    return view.configAt(view.find(userId));
  }

  /** Does the same as {@link #config(String)} for a user whose id is an integer. */
  default Optional<ObjectNode> config(long userId) {
    ConfigView view = view();
    return view.configAt(view.find(userId));
  }

  /**
   * Returns all fields of a user by name, as plain Java values: see {@link #getValue(String,
   * String, Object)}. Unmodifiable, in the order of the publisher's query, without the fields that
   * the user does not have; empty if there is no such user.
   */
  default Optional<Map<String, @Nullable Object>> configMap(@Nullable String userId) {
    ConfigView view = view();
    return view.mapAt(view.find(userId));
  }

  /** Does the same as {@link #configMap(String)} for a user whose id is a UUID. */
  default Optional<Map<String, @Nullable Object>> configMap(@Nullable UUID userId) {
    ConfigView view = view();
    return view.mapAt(view.find(userId));
  }

  /** Does the same as {@link #configMap(String)} for a user whose id is an integer. */
  default Optional<Map<String, @Nullable Object>> configMap(long userId) {
    ConfigView view = view();
    return view.mapAt(view.find(userId));
  }

  /** Returns all fields of a user as JSON text, or empty if there is no such user. */
  default Optional<String> configText(@Nullable String userId) {
    return config(userId).map(ObjectNode::toString);
  }

  /** Does the same as {@link #configText(String)} for a user whose id is a UUID. */
  default Optional<String> configText(@Nullable UUID userId) {
    return config(userId).map(ObjectNode::toString);
  }

  /** Does the same as {@link #configText(String)} for a user whose id is an integer. */
  default Optional<String> configText(long userId) {
    return config(userId).map(ObjectNode::toString);
  }

  /**
   * Returns all fields of a user bound to the application's record, immutable class or bean, or
   * empty if there is no such user. A component {@code maxProjects} takes the field, or the member
   * of nested JSON, of exactly that name, or else {@code max_projects}; {@code @JsonProperty} gives
   * another name. Fields that the type does not have are ignored. Types of {@code java.time} and
   * {@code Optional…} need no module of Jackson's. A new value of an enum is its
   * {@code @JsonEnumDefaultValue}.
   *
   * <p>A user may lack components of the types {@code Optional…}, of box types such as {@code
   * Integer}, and those annotated {@code @Nullable}. A primitive parameter of a constructor that
   * the user lacks, or has as null, does not fit. Any other component whose field is missing is
   * null, or what the class sets, and one log line says so. {@link
   * ConfigClientOptions.Builder#objectMapper} replaces all these rules.
   *
   * <p>Users with equal content share one object per revision, which should therefore be immutable;
   * asking again allocates nothing. An object that was not asked for lately may be bound anew.
   * Throws {@link IllegalArgumentException} if a value does not fit the type; its message is one
   * line with the user, the field and the component.
   */
  default <T> Optional<T> config(@Nullable String userId, Class<T> type) {
    ConfigView view = view();
    return view.boundAt(view.find(userId), type);
  }

  /** Does the same as {@link #config(String, Class)} for a user whose id is a UUID. */
  default <T> Optional<T> config(@Nullable UUID userId, Class<T> type) {
    ConfigView view = view();
    return view.boundAt(view.find(userId), type);
  }

  /** Does the same as {@link #config(String, Class)} for a user whose id is an integer. */
  default <T> Optional<T> config(long userId, Class<T> type) {
    ConfigView view = view();
    return view.boundAt(view.find(userId), type);
  }
}
