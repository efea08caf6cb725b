package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks a snapshot everything that it can be asked. */
final class Reading {
  private static final int MANY_USERS = 40;

  private Reading() {}

  /**
   * Opens bytes that nobody vouches for and reads all. Nothing but a refusal to open the snapshot
   * or a field is caught.
   */
  static void openAndReadAll(byte[] value) {
    Snapshot snapshot;
    try {
      snapshot = Snapshot.open(value);
    } catch (SnapshotFormatException e) {
      assertThat(e).hasMessageContaining("expected").hasMessageContaining("found");
      return;
    }
    for (String name : snapshot.fieldNames()) {
      Field field;
      try {
        field = snapshot.field(name);
      } catch (SnapshotFormatException e) {
        continue;
      }
      assertThat(field).isNotNull();
      for (int user : someUsers(snapshot)) {
        read(field, user);
      }
    }
    snapshot.ids(0, new Object[Math.min(snapshot.users(), 1_000)]);
    for (int user : someUsers(snapshot)) {
      Object id = snapshot.id(user);
      checkUser(snapshot, snapshot.find(id.toString()));
      if (id instanceof UUID uuid) {
        checkUser(snapshot, snapshot.find(uuid));
      } else if (id instanceof Long number) {
        checkUser(snapshot, snapshot.find(number));
      }
      long mixed = user * 0x9E3779B97F4A7C15L;
      checkUser(snapshot, snapshot.find(mixed));
      checkUser(snapshot, snapshot.find(new UUID(mixed, ~mixed)));
      checkUser(snapshot, snapshot.find(Long.toHexString(mixed)));
    }
    assertThat(snapshot.longestBucket()).isLessThanOrEqualTo(Buckets.LONGEST);
    snapshot.sections();
  }

  private static void checkUser(Snapshot snapshot, int user) {
    assertThat(user).isBetween(Snapshot.NO_USER, snapshot.users() - 1);
  }

  private static void read(Field field, int user) {
    Object value = field.value(user);
    assertThat(PlainValue.weight(value)).isLessThanOrEqualTo(PlainValue.MAX_WEIGHT);
    field.booleanAt(user, false);
    field.longAt(user, 1);
    field.doubleAt(user, 1);
    field.stringAt(user, "");
    field.containsAt(user, "red");
    field.column().textEquals(user, "red");
    if (value instanceof String text) {
      field.column().textEquals(user, text);
      field.column().matchAt(user, text + text, text.length());
    }
  }

  private static List<Integer> someUsers(Snapshot snapshot) {
    List<Integer> users = new ArrayList<>();
    int stride = Math.max(1, snapshot.users() / MANY_USERS);
    for (long user = 0; user < snapshot.users(); user += stride) {
      users.add((int) user);
    }
    if (snapshot.users() > 0) {
      users.add(snapshot.users() - 1);
    }
    return users;
  }

  /** Everything that a small snapshot says, by user id. */
  static Map<Object, Map<String, @Nullable Object>> all(Snapshot snapshot) {
    Map<Object, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
    for (int user = 0; user < snapshot.users(); user++) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      for (String name : snapshot.fieldNames()) {
        row.put(name, Samples.field(snapshot, name).value(user));
      }
      rows.put(snapshot.id(user), row);
    }
    return rows;
  }
}
