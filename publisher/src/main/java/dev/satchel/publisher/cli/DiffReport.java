package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.Report;
import dev.satchel.publisher.text.TextTable;
import dev.satchel.snapshot.FieldChange;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.UserChange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What differs between two revisions.
 *
 * @param mostUsers how many users to name at most; 0 for none
 */
record DiffReport(SnapshotDiff diff, int mostUsers) implements Report {

  @Override
  public JsonObject toJson() {
    var json =
        new JsonObject()
            .put("from", diff.before().revision())
            .put("to", diff.after().revision())
            .put("usersBefore", diff.before().users())
            .put("usersAfter", diff.after().users())
            .put("added", diff.added())
            .put("removed", diff.removed())
            .put("changed", diff.changed())
            .put("fields", new JsonObject(new LinkedHashMap<String, Object>(diff.changedByField())))
            .put("fieldsAdded", new JsonArray(fieldsAdded()))
            .put("fieldsRemoved", new JsonArray(fieldsRemoved()));
    if (mostUsers > 0) {
      json.put("users", new JsonArray(users().map(DiffReport::json).toList()))
          .put("usersOmitted", usersOmitted());
    }
    return json;
  }

  private static JsonObject json(UserChange user) {
    return new JsonObject()
        .put("userId", user.userId().toString())
        .put("kind", kind(user))
        .put("fields", new JsonArray(fields(user)));
  }

  @Override
  public String inWords() {
    List<String> parts = new ArrayList<>();
    parts.add(
        "revision %d to %d: %,d users added, %,d removed, %,d changed"
            .formatted(
                diff.before().revision(),
                diff.after().revision(),
                diff.added(),
                diff.removed(),
                diff.changed()));
    if (!fieldsAdded().isEmpty()) {
      parts.add("new fields: " + String.join(", ", fieldsAdded()));
    }
    if (!fieldsRemoved().isEmpty()) {
      parts.add("removed fields: " + String.join(", ", fieldsRemoved()));
    }
    if (!diff.changedByField().isEmpty()) {
      var table = new TextTable("field", "users changed");
      diff.changedByField().forEach(table::row);
      parts.add(table.inWords());
    }
    if (mostUsers > 0 && !diff.isEmpty()) {
      var table = new TextTable("user", "what", "fields");
      users()
          .forEach(user -> table.row(user.userId(), kind(user), String.join(", ", fields(user))));
      parts.add(table.inWords());
      if (usersOmitted() > 0) {
        parts.add("and %,d more (--limit)".formatted(usersOmitted()));
      }
    }
    return String.join(System.lineSeparator(), parts);
  }

  private Stream<UserChange> users() {
    return diff.users().limit(mostUsers);
  }

  private int usersOmitted() {
    return Math.max(0, diff.added() + diff.removed() + diff.changed() - mostUsers);
  }

  private static String kind(UserChange user) {
    return user.kind().name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the changed fields of a user that both revisions have; for any other user they would be
   * all of them.
   */
  private static List<String> fields(UserChange user) {
    return user.kind() == UserChange.Kind.CHANGED
        ? user.fields().stream().map(FieldChange::field).toList()
        : List.of();
  }

  private List<String> fieldsAdded() {
    return without(diff.after().fieldNames(), diff.before().fieldNames());
  }

  private List<String> fieldsRemoved() {
    return without(diff.before().fieldNames(), diff.after().fieldNames());
  }

  private static List<String> without(List<String> names, List<String> others) {
    List<String> rest = new ArrayList<>(names);
    rest.removeAll(others);
    return rest;
  }
}
