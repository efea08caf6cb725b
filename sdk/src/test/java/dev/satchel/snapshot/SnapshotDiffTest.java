package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.snapshot.SnapshotModelTest.Ids;
import dev.satchel.snapshot.UserChange.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A diff of snapshots is the diff of the plain maps that they were made from. */
class SnapshotDiffTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);

  /** Fields in the order of the query, and for each user its values by field. */
  private record Model(List<String> fields, Map<Object, Map<String, @Nullable Object>> users) {
    Snapshot snapshot(long revision) {
      var encoder = new SnapshotEncoder(fields);
      users.forEach(
          (id, values) ->
              encoder.add(
                  id,
                  fields.stream()
                      .map(field -> values.getOrDefault(field, Snapshot.ABSENT))
                      .toArray()));
      return Snapshot.open(encoder.encode(revision, NOW));
    }

    @Nullable Object value(Object id, String field) {
      Map<String, @Nullable Object> values = users.get(id);
      return values == null ? Snapshot.ABSENT : values.getOrDefault(field, Snapshot.ABSENT);
    }
  }

  @ParameterizedTest
  @EnumSource(Ids.class)
  void tellsWhatTheMapsTell(Ids kind) {
    long seed = ThreadLocalRandom.current().nextLong();
    var random = new Random(seed);
    for (int size : new int[] {0, 3, 64, 500}) {
      for (int edits : new int[] {0, 5, size}) {
        Model before = model(kind, random, size);
        Model after = edited(before, kind, random, edits);
        assertDiff(before, after, "seed %d size %d edits %d".formatted(seed, size, edits));
      }
    }
  }

  @Test
  void comparesIdsOfDifferentTypesByTheirSpelling() {
    UUID uuid = UUID.fromString("0a0a0a0a-1111-4222-8333-444444444444");
    List<String> fields = List.of("flag");
    Model uuids = new Model(fields, Map.of(uuid, Map.of("flag", true)));
    Model texts = new Model(fields, Map.of(uuid.toString(), Map.of("flag", false)));
    Model upper =
        new Model(fields, Map.of(uuid.toString().toUpperCase(java.util.Locale.ROOT), Map.of()));

    SnapshotDiff sameSpelling = SnapshotDiff.between(uuids.snapshot(1), texts.snapshot(2));
    SnapshotDiff otherSpelling = SnapshotDiff.between(uuids.snapshot(1), upper.snapshot(2));

    assertThat(sameSpelling).hasToString("revision 1 to 2: 0 users added, 0 removed, 1 changed");
    assertThat(otherSpelling).hasToString("revision 1 to 2: 1 users added, 1 removed, 0 changed");
  }

  @Test
  void tellsATextThatStartsWithAnotherFieldEvenIfItsOwnBytesAreTheSame() {
    Map<Object, Map<String, @Nullable Object>> users = new LinkedHashMap<>();
    var random = new Random(42);
    for (long i = 0; i < 2000; i++) {
      String name = Long.toString(random.nextLong() >>> 1, 36);
      users.put(i, row("name", name, "email", name + "@" + random.nextInt(9) + ".example"));
    }
    var before = new Model(List.of("name", "email"), users);
    Map<Object, Map<String, @Nullable Object>> renamed = new LinkedHashMap<>(users);
    renamed.computeIfPresent(
        7L,
        (id, values) ->
            row(
                "name",
                "renamed",
                "email",
                String.valueOf(values.get("email"))
                    .replace(String.valueOf(values.get("name")), "renamed")));

    assertDiff(before, new Model(before.fields(), renamed), "a renamed user");
  }

  @Test
  void tellsUsersThatOnlyANewOrALostFieldChangesFromThoseWhoseValuesDo() {
    var before =
        new Model(
            List.of("kept", "lost"),
            Map.of(1L, Map.of("kept", 1L), 2L, Map.of("lost", 1L), 3L, Map.of("kept", 3L)));
    var after =
        new Model(
            List.of("won", "kept"),
            Map.of(
                1L, Map.of("kept", 2L, "won", 2L), 2L, Map.of(), 3L, row("kept", 3L, "won", 1L)));

    SnapshotDiff diff = SnapshotDiff.between(before.snapshot(1), after.snapshot(2));

    assertThat(diff.changed()).isEqualTo(3);
    assertThat(diff.changedInCommonFields()).isEqualTo(1);
    assertThat(diff.changedByField()).containsEntry("kept", 1).containsEntry("lost", 1);
    assertThat(diff.changedByField().keySet()).containsExactly("won", "kept", "lost");
  }

  @Test
  void namesTheFieldsOfAddedAndRemovedUsersButCountsOnlyChangedOnes() {
    var before =
        new Model(
            List.of("kept", "lost", "same"),
            Map.of(
                1L, Map.of("kept", 1L, "same", 5L),
                2L, Map.of("kept", 1L, "same", 5L),
                3L, Map.of("lost", true)));
    var after =
        new Model(
            List.of("same", "kept", "won"),
            Map.of(
                1L, Map.of("kept", 2L, "same", 5L),
                2L, Map.of("kept", 1L, "same", 5L),
                4L, Map.of("won", "x")));

    SnapshotDiff diff = SnapshotDiff.between(before.snapshot(1), after.snapshot(2));

    assertThat(diff.fieldNames()).containsExactly("same", "kept", "won", "lost");
    assertThat(diff.changedFields()).containsExactly("kept", "won", "lost");
    assertThat(diff.changedByField()).isEqualTo(Map.of("kept", 1));
    assertThat(diff.users().map(UserChange::toString))
        .containsExactly("ADDED 4", "REMOVED 3", "CHANGED 1");
    assertThat(diff.user("4").orElseThrow().fields())
        .containsExactly(new FieldChange("won", Snapshot.ABSENT, "x"));
    assertThat(diff.user("2")).isEmpty();
    assertThat(diff.user("nobody")).isEmpty();
  }

  private static void assertDiff(Model before, Model after, String what) {
    SnapshotDiff diff = SnapshotDiff.between(before.snapshot(1), after.snapshot(2));

    Map<String, Kind> kinds = new TreeMap<>();
    Map<String, Integer> byField = new TreeMap<>();
    List<String> fields = new ArrayList<>(after.fields());
    before.fields().stream().filter(field -> !fields.contains(field)).forEach(fields::add);
    var ids = new ArrayList<>(before.users().keySet());
    after.users().keySet().stream().filter(id -> !before.users().containsKey(id)).forEach(ids::add);
    for (Object id : ids) {
      List<FieldChange> changes = new ArrayList<>();
      for (String field : fields) {
        if (!Objects.equals(before.value(id, field), after.value(id, field))) {
          changes.add(new FieldChange(field, before.value(id, field), after.value(id, field)));
        }
      }
      boolean was = before.users().containsKey(id);
      boolean is = after.users().containsKey(id);
      UserChange found = diff.user(id.toString()).orElse(null);
      if (was && is && changes.isEmpty()) {
        assertThat(found).as("%s user %s", what, id).isNull();
      } else {
        Kind kind = !was ? Kind.ADDED : !is ? Kind.REMOVED : Kind.CHANGED;
        kinds.put(id.toString(), kind);
        assertThat(found).as("%s user %s", what, id).isNotNull();
        assertThat(found.kind()).as("%s user %s", what, id).isEqualTo(kind);
        assertThat(found.userId()).isEqualTo(id);
        assertThat(found.fields()).as("%s user %s", what, id).isEqualTo(changes);
        if (kind == Kind.CHANGED) {
          changes.forEach(change -> byField.merge(change.field(), 1, Integer::sum));
        }
      }
    }
    assertThat(diff.users().collect(Collectors.toMap(c -> c.userId().toString(), UserChange::kind)))
        .as(what)
        .isEqualTo(kinds);
    assertThat(diff.changedByField()).as(what).isEqualTo(byField);
    assertThat(diff.added()).isEqualTo(Collections.frequency(kinds.values(), Kind.ADDED));
    assertThat(diff.removed()).isEqualTo(Collections.frequency(kinds.values(), Kind.REMOVED));
    assertThat(diff.changed()).isEqualTo(Collections.frequency(kinds.values(), Kind.CHANGED));
    assertThat(diff.isEmpty()).isEqualTo(kinds.isEmpty());
  }

  private static Model model(Ids kind, Random random, int size) {
    Map<Object, Map<String, @Nullable Object>> users = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      users.put(kind.make(random, i), user(random));
    }
    return new Model(
        List.of("flag", "plan", "name", "email", "at", "many", "quota", "any", "groups"), users);
  }

  /** As before, with so many users added, removed or changed, and sometimes another field. */
  private static Model edited(Model before, Ids kind, Random random, int edits) {
    Map<Object, Map<String, @Nullable Object>> users = new LinkedHashMap<>(before.users());
    var ids = new ArrayList<>(before.users().keySet());
    for (int i = 0; i < edits; i++) {
      int what = random.nextInt(4);
      if (what == 0) {
        users.put(kind.make(random, before.users().size() + i), user(random));
      } else if (!ids.isEmpty()) {
        Object id = ids.get(random.nextInt(ids.size()));
        Map<String, @Nullable Object> values = users.get(id);
        if (what == 1 || values == null) {
          users.remove(id);
        } else if (what == 2) {
          users.put(id, user(random));
        } else {
          Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
          copy.put("flag", random.nextBoolean());
          users.put(id, copy);
        }
      }
    }
    List<String> fields = new ArrayList<>(before.fields());
    if (edits > 0 && random.nextInt(4) == 0) {
      fields.remove("plan");
      fields.add("new");
      users.replaceAll(
          (id, values) -> {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
            copy.remove("plan");
            if (random.nextBoolean()) {
              copy.put("new", random.nextInt(3) == 0 ? null : 7L);
            }
            return copy;
          });
    }
    return new Model(fields, users);
  }

  private static Map<String, @Nullable Object> user(Random random) {
    String name =
        "%s-%04d".formatted(List.of("calm", "bold").get(random.nextInt(2)), random.nextInt(9999));
    return row(
        "flag",
        random.nextInt(3) == 0,
        "plan",
        List.of("free", "pro", "team").get(random.nextInt(3)),
        "name",
        name,
        "email",
        name + "@" + random.nextInt(4) + ".example",
        "at",
        Instant.ofEpochSecond(1_700_000_000 + random.nextInt(1_000_000)).toString(),
        "many",
        random.nextInt(5) == 0 ? new UUID(random.nextLong(), 7).toString() : random.nextLong(),
        "quota",
        random.nextInt(6) == 0
            ? (Object) BigDecimal.valueOf(random.nextInt(), 2)
            : random.nextInt(1000) / 8.0,
        "any",
        any(random),
        "groups",
        Collections.nCopies(random.nextInt(3), "group" + random.nextInt(5)));
  }

  private static @Nullable Object any(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> null;
      case 1 -> Snapshot.ABSENT;
      case 2 -> random.nextBoolean();
      case 3 -> (long) random.nextInt(100);
      case 4 -> random.nextInt(100) / 4.0;
      case 5 -> "text" + random.nextInt();
      case 6 -> List.of(1L, "two", random.nextInt(4) / 2.0);
      case 7 -> Map.of("key", (long) random.nextInt(4), "other", List.of());
      default -> "ü" + random.nextInt(50);
    };
  }

  private static Map<String, @Nullable Object> row(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) Objects.requireNonNull(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return row;
  }
}
