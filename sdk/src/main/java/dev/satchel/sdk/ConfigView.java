package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Every user's fields at one revision. Lookups in the same view never see two revisions. Immutable,
 * safe for any thread; it holds a whole snapshot in memory, so keep it for a request, not for ever.
 */
public final class ConfigView implements Lookups {
  /** What a client serves before its first snapshot: no users, no fields. */
  static final ConfigView EMPTY = new ConfigView();

  private final @Nullable Snapshot snapshot;
  private final Map<String, Field> fields;
  private final @Nullable Field[] handles;

  private ConfigView() {
    this.snapshot = null;
    this.fields = Map.of();
    this.handles = new @Nullable Field[0];
  }

  ConfigView(Snapshot snapshot, FieldNames names) {
    this.snapshot = snapshot;
    this.handles = names.in(snapshot);
    var byName = new HashMap<String, Field>();
    for (String name : snapshot.fieldNames()) {
      Field field = snapshot.field(name);
      if (field != null) {
        byName.put(name, field);
      }
    }
    this.fields = Map.copyOf(byName);
  }

  @Override
  public ConfigView view() {
    return this;
  }

  /** The snapshot's revision, or 0 if this view is empty. */
  public long revision() {
    return snapshot == null ? 0 : snapshot.revision();
  }

  /** How many users there are. */
  public int users() {
    return snapshot == null ? 0 : snapshot.users();
  }

  /** How many bytes the snapshot has as it is published, or 0 if this view is empty. */
  public int bytes() {
    return snapshot == null ? 0 : snapshot.bytes();
  }

  /** When the publisher made the snapshot, or null if this view is empty. */
  public @Nullable Instant publishedAt() {
    return snapshot == null ? null : snapshot.publishedAt();
  }

  /** The names of all fields, in the order of the publisher's query. */
  public List<String> fieldNames() {
    return snapshot == null ? List.of() : snapshot.fieldNames();
  }

  @Nullable Snapshot snapshot() {
    return snapshot;
  }

  int find(String userId) {
    return snapshot == null ? Snapshot.NO_USER : snapshot.find(userId);
  }

  int find(UUID userId) {
    return snapshot == null ? Snapshot.NO_USER : snapshot.find(userId);
  }

  int find(long userId) {
    return snapshot == null ? Snapshot.NO_USER : snapshot.find(userId);
  }

  @Nullable Field field(String name) {
    return fields.get(name);
  }

  /** The field of a handle; a handle younger than this view is looked up by name. */
  @Nullable Field field(int number, String name) {
    return number < handles.length ? handles[number] : fields.get(name);
  }

  static boolean booleanAt(int user, @Nullable Field field, boolean otherwise) {
    return (user < 0 || field == null) ? otherwise : field.booleanAt(user, otherwise);
  }

  static long longAt(int user, @Nullable Field field, long otherwise) {
    return (user < 0 || field == null) ? otherwise : field.longAt(user, otherwise);
  }

  static double doubleAt(int user, @Nullable Field field, double otherwise) {
    return (user < 0 || field == null) ? otherwise : field.doubleAt(user, otherwise);
  }

  static String stringAt(int user, @Nullable Field field, String otherwise) {
    String found = (user < 0 || field == null) ? null : field.stringAt(user, null);
    return found == null ? otherwise : found;
  }

  static boolean containsAt(int user, @Nullable Field field, String element) {
    return user >= 0 && field != null && field.containsAt(user, element);
  }

  static List<String> stringListAt(int user, @Nullable Field field, List<String> otherwise) {
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

  static JsonNode jsonAt(int user, @Nullable Field field, JsonNode otherwise) {
    Object value = (user < 0 || field == null) ? Snapshot.ABSENT : field.value(user);
    return value == Snapshot.ABSENT ? otherwise : JsonNodes.of(value);
  }

  Optional<ObjectNode> configAt(int user) {
    if (user < 0) {
      return Optional.empty();
    }
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    for (String name : fieldNames()) {
      Field field = fields.get(name);
      Object value = field == null ? Snapshot.ABSENT : field.value(user);
      if (value != Snapshot.ABSENT) {
        config.set(name, JsonNodes.of(value));
      }
    }
    return Optional.of(config);
  }
}
