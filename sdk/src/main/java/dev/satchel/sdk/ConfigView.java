package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every user's fields at one revision. Lookups in one view never see two revisions. Immutable, safe
 * for any thread. A view holds a whole snapshot in memory: keep it for a request, not for ever.
 */
public final class ConfigView implements Lookups {
  /** What a client serves before its first snapshot: no users, no fields. */
  static final ConfigView EMPTY = new ConfigView();

  private final @Nullable Snapshot snapshot;

  private final @Nullable FieldTable fields;

  private final FieldNames names;
  private final Mistakes mistakes;

  /**
   * The fields of the handles by number; replaced by a longer array when a newer handle is used.
   */
  private volatile @Nullable Field[] handles;

  private final Bindings bindings;

  private ConfigView() {
    this.snapshot = null;
    this.fields = null;
    this.names = new FieldNames();
    this.mistakes = new Mistakes(null);
    this.handles = new @Nullable Field[0];
    this.bindings = new Bindings(new Binder(null));
  }

  /**
   * Makes a view of the snapshot and opens the fields that are in use, so that lookups need not.
   *
   * @throws SnapshotFormatException if one of them is not sound
   */
  ConfigView(Snapshot snapshot, FieldNames names, Binder binder) {
    this.snapshot = snapshot;
    this.mistakes = new Mistakes(snapshot);
    this.fields = new FieldTable(snapshot, names, mistakes);
    this.names = names;
    this.bindings = new Bindings(binder);
    names.used().forEach(fields::open);
    this.handles = fieldsOfHandles();
  }

  /** Opens all fields, which checks every byte of the snapshot. */
  void openAll() {
    Objects.requireNonNull(fields).openAll();
  }

  /** Returns what the application asks of this view in vain. */
  Mistakes mistakes() {
    return mistakes;
  }

  /** Opens a field for a handle that was made after this view, and checks that it suits. */
  void open(String name, FieldType type) {
    field(name, type.bit());
  }

  @Override
  public ConfigView view() {
    return this;
  }

  /** Returns the snapshot's revision, or 0 if this view is empty. */
  public long revision() {
    return snapshot == null ? 0 : snapshot.revision();
  }

  /** Returns how many users there are. */
  public int users() {
    return snapshot == null ? 0 : snapshot.users();
  }

  /** Returns how many bytes the published snapshot has, or 0 if this view is empty. */
  public int bytes() {
    return snapshot == null ? 0 : snapshot.bytes();
  }

  /** Returns when the publisher made the snapshot, or null if this view is empty. */
  public @Nullable Instant publishedAt() {
    return snapshot == null ? null : snapshot.publishedAt();
  }

  /** Returns the names of all fields, in the order of the publisher's query. */
  public List<String> fieldNames() {
    return snapshot == null ? List.of() : snapshot.fieldNames();
  }

  @Nullable Snapshot snapshot() {
    return snapshot;
  }

  /**
   * Returns all users in the snapshot's own order, as one small object each; may be used in
   * parallel: {@code view().stream().filter(user -> user.getBoolean("beta", false)).count()}
   */
  public Stream<UserView> stream() {
    return IntStream.range(0, users()).mapToObj(user -> new UserView(this, user));
  }

  /** A null user id, as when nobody is signed in, belongs to no user. */
  int find(@Nullable String userId) {
    return find(userId, null);
  }

  int find(@Nullable UUID userId) {
    return find(userId, null);
  }

  /** Does the same, and begins to read the user's value in a field. */
  int find(@Nullable UUID userId, @Nullable Field next) {
    if (snapshot == null || userId == null) {
      return Snapshot.NO_USER;
    }
    return next == null ? snapshot.find(userId) : snapshot.find(userId, next);
  }

  int find(long userId) {
    return find(userId, null);
  }

  int find(@Nullable String userId, @Nullable Field next) {
    if (snapshot == null || userId == null) {
      return Snapshot.NO_USER;
    }
    return next == null ? snapshot.find(userId) : snapshot.find(userId, next);
  }

  int find(long userId, @Nullable Field next) {
    if (snapshot == null) {
      return Snapshot.NO_USER;
    }
    return next == null ? snapshot.find(userId) : snapshot.find(userId, next);
  }

  /** Finds many users, as {@link Snapshot#find(UUID[], int, int[])} does. */
  void find(@Nullable UUID[] userIds, int from, int[] users) {
    if (snapshot != null) {
      snapshot.find(userIds, from, users);
    }
  }

  void find(@Nullable String[] userIds, int from, int[] users) {
    if (snapshot != null) {
      snapshot.find(userIds, from, users);
    }
  }

  void find(long[] userIds, int from, int[] users) {
    if (snapshot != null) {
      snapshot.find(userIds, from, users);
    }
  }

  @Nullable Field field(String name) {
    return fields == null ? null : fields.get(name);
  }

  /**
   * Returns the field for lookups of a type.
   *
   * @param type a bit, see {@link FieldType#bit}
   */
  @Nullable Field field(String name, int type) {
    return fields == null ? null : fields.get(name, type);
  }

  /** Returns the field with this handle number. */
  @Nullable Field field(int number) {
    @Nullable Field[] known = handles;
    // no number is negative, but saying so spares the compiler a check of the index
    return number >= 0 && number < known.length ? known[number] : fieldOfYounger(number);
  }

  /** Finds the field of a handle that was made after this view by name, once. */
  private @Nullable Field fieldOfYounger(int number) {
    if (snapshot == null) {
      return null;
    }
    @Nullable Field[] found = fieldsOfHandles();
    handles = found;
    return found[number];
  }

  private @Nullable Field[] fieldsOfHandles() {
    return names.handles().stream().map(this::field).toArray(Field[]::new);
  }

  Object idAt(int user) {
    return Objects.requireNonNull(snapshot, "an empty view has no users").id(user);
  }

  /** Returns the values of all fields, including {@link Snapshot#ABSENT}. */
  @Nullable Object[] valuesAt(int user) {
    List<String> names = fieldNames();
    @Nullable Object[] values = new @Nullable Object[names.size()];
    for (int i = 0; i < values.length; i++) {
      Field field = field(names.get(i));
      values[i] = field == null ? Snapshot.ABSENT : field.value(user);
    }
    return values;
  }

  <T> Optional<T> boundAt(int user, Class<T> type) {
    return user < 0 ? Optional.empty() : bindings.get(this, user, type);
  }

  static boolean booleanAt(@Nullable Field field, int user, boolean otherwise) {
    return (user < 0 || field == null) ? otherwise : field.booleanAt(user, otherwise);
  }

  static long longAt(@Nullable Field field, int user, long otherwise) {
    return (user < 0 || field == null) ? otherwise : field.longAt(user, otherwise);
  }

  static double doubleAt(@Nullable Field field, int user, double otherwise) {
    return (user < 0 || field == null) ? otherwise : field.doubleAt(user, otherwise);
  }

  static String stringAt(@Nullable Field field, int user, String otherwise) {
    String found = (user < 0 || field == null) ? null : field.stringAt(user, null);
    return found == null ? otherwise : found;
  }

  static boolean containsAt(@Nullable Field field, int user, String element) {
    return user >= 0 && field != null && field.containsAt(user, element);
  }

  static List<String> stringListAt(@Nullable Field field, int user, List<String> otherwise) {
    if (user < 0 || field == null || !(field.value(user) instanceof List<?> found)) {
      return otherwise;
    }
    for (Object element : found) {
      if (!(element instanceof String)) {
        return otherwise;
      }
    }
    @SuppressWarnings("unchecked") // every element was seen to be a string
    var strings = (List<String>) found;
    return strings;
  }

  static JsonNode jsonAt(@Nullable Field field, int user, JsonNode otherwise) {
    Object value = (user < 0 || field == null) ? Snapshot.ABSENT : field.value(user);
    return value == Snapshot.ABSENT ? otherwise : JsonNodes.of(value);
  }

  static @Nullable Object valueAt(@Nullable Field field, int user, @Nullable Object otherwise) {
    Object value = (user < 0 || field == null) ? Snapshot.ABSENT : field.value(user);
    return value == Snapshot.ABSENT ? otherwise : value;
  }

  Optional<Map<String, @Nullable Object>> mapAt(int user) {
    if (user < 0) {
      return Optional.empty();
    }
    var config = new LinkedHashMap<String, @Nullable Object>();
    for (String name : fieldNames()) {
      Object value = valueAt(field(name), user, Snapshot.ABSENT);
      if (value != Snapshot.ABSENT) {
        config.put(name, value);
      }
    }
    return Optional.of(Collections.unmodifiableMap(config));
  }

  Optional<ObjectNode> configAt(int user) {
    if (user < 0) {
      return Optional.empty();
    }
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    for (String name : fieldNames()) {
      Field field = field(name);
      Object value = field == null ? Snapshot.ABSENT : field.value(user);
      if (value != Snapshot.ABSENT) {
        config.set(name, JsonNodes.of(value));
      }
    }
    return Optional.of(config);
  }
}
