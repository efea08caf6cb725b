package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an application asks of one snapshot in vain: fields that it does not have, and fields of
 * which no user has a value of that type. Told once the snapshot is in use, each once. Holds at
 * most {@value #MOST}, since names may come from anywhere. Safe for any thread.
 */
final class Mistakes {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  static final int MOST = 64;

  /** How many users are looked at before their values count as no mistake. */
  private static final int MOST_USERS = 100_000;

  private final @Nullable Snapshot snapshot;
  private final Map<String, String> lines = new LinkedHashMap<>(); // guarded by this
  private boolean isInUse; // guarded by this

  Mistakes(@Nullable Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Tells what was found so far, and from now on tells at once. Idempotent. */
  synchronized void inUse() {
    if (!isInUse) {
      isInUse = true;
      lines.values().forEach(LOG::warn);
    }
  }

  /** Returns what was found, in words. */
  synchronized List<String> lines() {
    return List.copyOf(lines.values());
  }

  /** Returns the mistake about this use of a field, or null if there is none. */
  synchronized @Nullable String about(String field, FieldType type) {
    return lines.getOrDefault(field, lines.get(key(field, type)));
  }

  private static String key(String field, FieldType type) {
    return type.spelled() + " " + field;
  }

  /** Adds what is wrong about something, unless that is known. */
  synchronized void add(String about, Supplier<String> line) {
    if (lines.size() < MOST && !lines.containsKey(about)) {
      String told = line.get();
      lines.put(about, told);
      if (isInUse) {
        LOG.warn(told);
      }
    }
  }

  /** Notes that lookups ask for a field that the snapshot does not have. */
  void missing(String field) {
    Snapshot asked = snapshot;
    if (asked != null) {
      add(
          field,
          () ->
              "field %s is not in revision %d, lookups answer defaults%s"
                  .formatted(
                      Kinds.shortened(field),
                      asked.revision(),
                      Similar.inWords(field, asked.fieldNames())));
    }
  }

  /** Checks that some user has a value of each of these types, or that nobody has any value. */
  void check(Field field, int types) {
    for (FieldType type : FieldType.values()) {
      if ((types & type.bit()) != 0) {
        check(field, type);
      }
    }
  }

  private void check(Field field, FieldType type) {
    Snapshot asked = snapshot;
    if (asked == null || type == FieldType.JSON) {
      return;
    }
    Object other = null;
    int users = Math.min(asked.users(), MOST_USERS);
    for (int user = 0; user < users; user++) {
      if (type.isFoundIn(field, user)) {
        return;
      }
      if (other == null && field.value(user) != Snapshot.ABSENT) {
        other = field.value(user);
      }
    }
    Object found = other;
    if (found != null) {
      add(
          key(field.name(), type),
          () ->
              "field %s is asked for as %s but has %s in revision %d, lookups answer defaults"
                  .formatted(field.name(), type.spelled(), kind(found), asked.revision()));
    }
  }

  private static String kind(Object value) {
    if (value instanceof Boolean) {
      return "booleans";
    } else if (value instanceof Long) {
      return "whole numbers";
    } else if (value instanceof Double || value instanceof BigDecimal) {
      return "numbers";
    } else if (value instanceof String) {
      return "texts";
    }
    return value instanceof List<?> ? "lists" : "objects";
  }
}
