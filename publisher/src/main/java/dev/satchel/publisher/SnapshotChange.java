package dev.satchel.publisher;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two snapshots.
 *
 * @param usersBefore in the older one
 * @param changed users of both of which a field of both differs
 * @param fields the fields of both, with the number of users of both for whom they differ
 * @param fieldsAdded only in the newer one
 * @param fieldsRemoved only in the older one
 * @param typesChanged a sentence for each field of which no value has a type it had before
 */
record SnapshotChange(
    int usersBefore,
    int usersNow,
    int added,
    int removed,
    int changed,
    Map<String, Integer> fields,
    List<String> fieldsAdded,
    List<String> fieldsRemoved,
    List<String> typesChanged) {

  /** What a value is to JSON. */
  private enum Type {
    BOOLEAN,
    NUMBER,
    TEXT,
    LIST,
    OBJECT;

    static @Nullable Type of(@Nullable Object value) {
      if (value == null || value == Snapshot.ABSENT) {
        return null;
      }
      if (value instanceof Boolean) {
        return BOOLEAN;
      }
      if (value instanceof Number) {
        return NUMBER;
      }
      if (value instanceof String) {
        return TEXT;
      }
      return value instanceof List ? LIST : OBJECT;
    }
  }

  /**
   * Compares all users, on all cores of the common pool. Memory: a few hundred bytes beside the two
   * snapshots with all their fields opened.
   */
  static SnapshotChange between(Snapshot before, Snapshot now) {
    List<String> common = new ArrayList<>(now.fieldNames());
    common.retainAll(Set.copyOf(before.fieldNames()));
    List<String> fieldsAdded = new ArrayList<>(now.fieldNames());
    fieldsAdded.removeAll(common);
    List<String> fieldsRemoved = new ArrayList<>(before.fieldNames());
    fieldsRemoved.removeAll(common);
    List<Field> old = fields(before, common);
    List<Field> fresh = fields(now, common);
    Counts counts =
        IntStream.range(0, now.users())
            .parallel()
            .collect(
                () -> new Counts(common.size()),
                (all, user) -> all.add(old, fresh, find(before, now.id(user)), user),
                Counts::add);
    Map<String, Integer> changes = new LinkedHashMap<>();
    List<String> typesChanged = new ArrayList<>();
    for (int i = 0; i < common.size(); i++) {
      changes.put(common.get(i), counts.fields[i]);
      Set<Type> were = counts.types.get(2 * i);
      Set<Type> are = counts.types.get(2 * i + 1);
      if (!were.isEmpty() && !are.isEmpty() && were.stream().noneMatch(are::contains)) {
        typesChanged.add("%s was %s and is %s".formatted(common.get(i), words(were), words(are)));
      }
    }
    return new SnapshotChange(
        before.users(),
        now.users(),
        counts.added,
        before.users() - (now.users() - counts.added),
        counts.changed,
        changes,
        fieldsAdded,
        fieldsRemoved,
        typesChanged);
  }

  /** The number in one snapshot of a user of another, or {@link Snapshot#NO_USER}. */
  static int find(Snapshot snapshot, Object id) {
    if (id instanceof UUID uuid) {
      return snapshot.find(uuid);
    }
    return id instanceof Long number ? snapshot.find(number) : snapshot.find((String) id);
  }

  static List<Field> fields(Snapshot snapshot, List<String> names) {
    return names.stream().map(name -> Objects.requireNonNull(snapshot.field(name), name)).toList();
  }

  private static String words(Set<Type> types) {
    return String.join(
        " or ",
        types.stream().map(type -> type.name().toLowerCase(java.util.Locale.ROOT)).toList());
  }

  /** Confined to one thread at a time. */
  private static final class Counts {
    private int added;
    private int changed;
    private final int[] fields;
    private final List<Set<Type>> types = new ArrayList<>();

    Counts(int fields) {
      this.fields = new int[fields];
      for (int i = 0; i < 2 * fields; i++) {
        types.add(EnumSet.noneOf(Type.class));
      }
    }

    void add(List<Field> old, List<Field> fresh, int oldUser, int user) {
      if (oldUser == Snapshot.NO_USER) {
        added++;
      }
      boolean isChanged = false;
      for (int i = 0; i < fields.length; i++) {
        Object now = fresh.get(i).value(user);
        see(2 * i + 1, now);
        if (oldUser != Snapshot.NO_USER) {
          Object was = old.get(i).value(oldUser);
          see(2 * i, was);
          if (!Objects.equals(was, now)) {
            fields[i]++;
            isChanged = true;
          }
        }
      }
      changed += isChanged ? 1 : 0;
    }

    private void see(int at, @Nullable Object value) {
      Type type = Type.of(value);
      if (type != null) {
        types.get(at).add(type);
      }
    }

    void add(Counts other) {
      added += other.added;
      changed += other.changed;
      for (int i = 0; i < fields.length; i++) {
        fields[i] += other.fields[i];
      }
      for (int i = 0; i < types.size(); i++) {
        types.get(i).addAll(other.types.get(i));
      }
    }
  }

  /** A few words: {@code +3 -1 users, 12 changed}. */
  String inWords() {
    String all = "+%,d -%,d users, %,d changed".formatted(added, removed, changed);
    return fieldsAdded.isEmpty() && fieldsRemoved.isEmpty()
        ? all
        : all + ", +%d -%d fields".formatted(fieldsAdded.size(), fieldsRemoved.size());
  }
}
