package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Local lookups by user id: text (which also finds a UUID or an integer by its spelling), UUID or
 * integer. They answer from memory, never touch the network, and never throw for a user or a field
 * that is not there. Each answers from one revision; use {@link #view} for several. Safe for any
 * thread.
 */
public interface Lookups {

  /** What is in use now, unchanged for as long as it is kept. Costs nothing. */
  ConfigView view();

  /** The user's boolean in this field, or {@code otherwise} if there is none. Allocates nothing. */
  default boolean getBoolean(String userId, String field, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getBoolean(String, String, boolean)}, for a user with a UUID as id. */
  default boolean getBoolean(UUID userId, String field, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getBoolean(String, String, boolean)}, for a user with an integer as id. */
  default boolean getBoolean(long userId, String field, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(view.field(field), view.find(userId), otherwise);
  }

  /**
   * The user's integer in this field, or {@code otherwise} if there is no whole number in the range
   * of a long. Allocates nothing.
   */
  default long getLong(String userId, String field, long otherwise) {
    ConfigView view = view();
    return ConfigView.longAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getLong(String, String, long)}, for a user with a UUID as id. */
  default long getLong(UUID userId, String field, long otherwise) {
    ConfigView view = view();
    return ConfigView.longAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getLong(String, String, long)}, for a user with an integer as id. */
  default long getLong(long userId, String field, long otherwise) {
    ConfigView view = view();
    return ConfigView.longAt(view.field(field), view.find(userId), otherwise);
  }

  /**
   * The user's number in this field as the nearest double, or {@code otherwise} if there is none.
   */
  default double getDouble(String userId, String field, double otherwise) {
    ConfigView view = view();
    return ConfigView.doubleAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getDouble(String, String, double)}, for a user with a UUID as id. */
  default double getDouble(UUID userId, String field, double otherwise) {
    ConfigView view = view();
    return ConfigView.doubleAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getDouble(String, String, double)}, for a user with an integer as id. */
  default double getDouble(long userId, String field, double otherwise) {
    ConfigView view = view();
    return ConfigView.doubleAt(view.field(field), view.find(userId), otherwise);
  }

  /** The user's text in this field, or {@code otherwise} if there is none. */
  default String getString(String userId, String field, String otherwise) {
    ConfigView view = view();
    return ConfigView.stringAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getString(String, String, String)}, for a user with a UUID as id. */
  default String getString(UUID userId, String field, String otherwise) {
    ConfigView view = view();
    return ConfigView.stringAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getString(String, String, String)}, for a user with an integer as id. */
  default String getString(long userId, String field, String otherwise) {
    ConfigView view = view();
    return ConfigView.stringAt(view.field(field), view.find(userId), otherwise);
  }

  /**
   * The user's list of texts in this field, unmodifiable, or {@code otherwise} if there is no list
   * or it holds something else.
   */
  default List<String> getStringList(String userId, String field, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getStringList(String, String, List)}, for a user with a UUID as id. */
  default List<String> getStringList(UUID userId, String field, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getStringList(String, String, List)}, for a user with an integer as id. */
  default List<String> getStringList(long userId, String field, List<String> otherwise) {
    ConfigView view = view();
    return ConfigView.stringListAt(view.field(field), view.find(userId), otherwise);
  }

  /**
   * The user's value in this field as a new Jackson node, or {@code otherwise} if the user has no
   * such field. A null value is a {@code NullNode}, so that it can be told from an absent one.
   */
  default JsonNode getJson(String userId, String field, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getJson(String, String, JsonNode)}, for a user with a UUID as id. */
  default JsonNode getJson(UUID userId, String field, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getJson(String, String, JsonNode)}, for a user with an integer as id. */
  default JsonNode getJson(long userId, String field, JsonNode otherwise) {
    ConfigView view = view();
    return ConfigView.jsonAt(view.field(field), view.find(userId), otherwise);
  }

  /**
   * The user's value in this field as plain Java values, or {@code otherwise} if the user has no
   * such field: null, Boolean, Long, Double, BigDecimal, String, or an unmodifiable List or Map of
   * these.
   */
  default @Nullable Object getValue(String userId, String field, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getValue(String, String, Object)}, for a user with a UUID as id. */
  default @Nullable Object getValue(UUID userId, String field, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(view.field(field), view.find(userId), otherwise);
  }

  /** As {@link #getValue(String, String, Object)}, for a user with an integer as id. */
  default @Nullable Object getValue(long userId, String field, @Nullable Object otherwise) {
    ConfigView view = view();
    return ConfigView.valueAt(view.field(field), view.find(userId), otherwise);
  }

  /**
   * Whether the user's list in this field has this text as an element: is the user in the group, on
   * the list, allowed the feature?
   */
  default boolean contains(String userId, String field, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(view.field(field), view.find(userId), element);
  }

  /** As {@link #contains(String, String, String)}, for a user with a UUID as id. */
  default boolean contains(UUID userId, String field, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(view.field(field), view.find(userId), element);
  }

  /** As {@link #contains(String, String, String)}, for a user with an integer as id. */
  default boolean contains(long userId, String field, String element) {
    ConfigView view = view();
    return ConfigView.containsAt(view.field(field), view.find(userId), element);
  }

  /** Whether there is such a user. */
  default boolean hasUser(String userId) {
    ConfigView view = view();
    return view.find(userId) >= 0;
  }

  /** As {@link #hasUser(String)}, for a user with a UUID as id. */
  default boolean hasUser(UUID userId) {
    ConfigView view = view();
    return view.find(userId) >= 0;
  }

  /** As {@link #hasUser(String)}, for a user with an integer as id. */
  default boolean hasUser(long userId) {
    ConfigView view = view();
    return view.find(userId) >= 0;
  }

  /**
   * All fields of a user as a new Jackson object, the caller's to change, or empty if there is no
   * such user. Fields that the user does not have are left out; whole numbers are int, long or big
   * integer nodes, fractions double nodes, as {@code readTree} gives them, and exact decimals
   * (numeric) are decimal nodes.
   */
  default Optional<ObjectNode> config(String userId) {
    ConfigView view = view();
    return view.configAt(view.find(userId));
  }

  /** As {@link #config(String)}, for a user with a UUID as id. */
  default Optional<ObjectNode> config(UUID userId) {
    ConfigView view = view();
    return view.configAt(view.find(userId));
  }

  /** As {@link #config(String)}, for a user with an integer as id. */
  default Optional<ObjectNode> config(long userId) {
    ConfigView view = view();
    return view.configAt(view.find(userId));
  }

  /**
   * All fields of a user by name, as plain Java values: see {@link #getValue(String, String,
   * Object)}. Unmodifiable, in the order of the publisher's query, without the fields that the user
   * does not have; empty if there is no such user.
   */
  default Optional<Map<String, @Nullable Object>> configMap(String userId) {
    ConfigView view = view();
    return view.mapAt(view.find(userId));
  }

  /** As {@link #configMap(String)}, for a user with a UUID as id. */
  default Optional<Map<String, @Nullable Object>> configMap(UUID userId) {
    ConfigView view = view();
    return view.mapAt(view.find(userId));
  }

  /** As {@link #configMap(String)}, for a user with an integer as id. */
  default Optional<Map<String, @Nullable Object>> configMap(long userId) {
    ConfigView view = view();
    return view.mapAt(view.find(userId));
  }

  /** All fields of a user as JSON text, to be handed on, or empty if there is no such user. */
  default Optional<String> configText(String userId) {
    return config(userId).map(ObjectNode::toString);
  }

  /** As {@link #configText(String)}, for a user with a UUID as id. */
  default Optional<String> configText(UUID userId) {
    return config(userId).map(ObjectNode::toString);
  }

  /** As {@link #configText(String)}, for a user with an integer as id. */
  default Optional<String> configText(long userId) {
    return config(userId).map(ObjectNode::toString);
  }

  /**
   * All fields of a user bound to the application's record or bean, or empty if there is no such
   * user. A field {@code max_projects} goes to a component {@code maxProjects}, other names need
   * {@code @JsonProperty}; fields that the type does not know are passed over.
   *
   * <p>Users of equal content are bound once in a revision and share the object, which should
   * therefore be immutable; asking again allocates nothing. What was not asked for lately is bound
   * anew. Throws {@link IllegalArgumentException} if a value does not fit the type.
   */
  default <T> Optional<T> config(String userId, Class<T> type) {
    ConfigView view = view();
    return view.boundAt(view.find(userId), type);
  }

  /** As {@link #config(String, Class)}, for a user with a UUID as id. */
  default <T> Optional<T> config(UUID userId, Class<T> type) {
    ConfigView view = view();
    return view.boundAt(view.find(userId), type);
  }

  /** As {@link #config(String, Class)}, for a user with an integer as id. */
  default <T> Optional<T> config(long userId, Class<T> type) {
    ConfigView view = view();
    return view.boundAt(view.find(userId), type);
  }
}
