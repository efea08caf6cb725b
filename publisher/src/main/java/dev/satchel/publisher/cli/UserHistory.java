package dev.satchel.publisher.cli;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.text.Report;
import dev.satchel.publisher.text.TextTable;
import dev.satchel.publisher.text.UserJson;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** At which revisions a user's values changed, newest first. Confined to one thread. */
final class UserHistory implements Report {
  private final String userId;
  private final List<Change> changes = new ArrayList<>();
  private @Nullable JsonObject last;
  private boolean isFirst = true;

  UserHistory(String userId) {
    this.userId = userId;
  }

  /**
   * A revision at which something changed.
   *
   * @param before the values that changed, as they were; null if the user was not there
   * @param after the same as they are since; null if the user is gone
   */
  private record Change(
      HistoryEntry entry,
      boolean isOldest,
      @Nullable JsonObject before,
      @Nullable JsonObject after) {

    String inWords() {
      if (before == null || after == null) {
        String what =
            isOldest ? "as far back as copies reach" : after == null ? "removed" : "added";
        JsonObject values = after == null ? before : after;
        return values == null ? what + ": no such user" : what + ": " + values.encode();
      }
      List<String> fields = new ArrayList<>();
      for (String name : names(before, after)) {
        fields.add("%s: %s, was %s".formatted(name, json(after, name), json(before, name)));
      }
      return String.join("; ", fields);
    }

    private static String json(JsonObject values, String name) {
      return values.containsKey(name)
          ? new String(UserJson.bytesOf(values.getMap().get(name)), StandardCharsets.UTF_8)
          : "absent";
    }
  }

  /** Looks at the next revision; called from the oldest to the newest. */
  void look(HistoryEntry entry, Snapshot snapshot) {
    int user = snapshot.find(userId);
    JsonObject now =
        user == Snapshot.NO_USER
            ? null
            : new JsonObject(
                new String(new UserJson(snapshot).bytes(user), StandardCharsets.UTF_8));
    if (isFirst || !Objects.equals(last, now)) {
      changes.add(changeTo(entry, now));
    }
    isFirst = false;
    last = now;
  }

  private Change changeTo(HistoryEntry entry, @Nullable JsonObject now) {
    JsonObject was = last;
    if (was == null || now == null) {
      return new Change(entry, isFirst, was, now);
    }
    var before = new JsonObject();
    var after = new JsonObject();
    for (String name : names(was, now)) {
      if (was.containsKey(name) != now.containsKey(name)
          || !Objects.equals(was.getValue(name), now.getValue(name))) {
        copy(name, was, before);
        copy(name, now, after);
      }
    }
    return new Change(entry, false, before, after);
  }

  private static void copy(String name, JsonObject from, JsonObject to) {
    if (from.containsKey(name)) {
      to.put(name, from.getValue(name));
    }
  }

  private static Iterable<String> names(JsonObject one, JsonObject other) {
    var names = new TreeSet<>(one.fieldNames());
    names.addAll(other.fieldNames());
    return names;
  }

  private List<Change> newestFirst() {
    List<Change> reversed = new ArrayList<>(changes);
    Collections.reverse(reversed);
    return reversed;
  }

  @Override
  public JsonObject toJson() {
    var list = new JsonArray();
    for (Change change : newestFirst()) {
      list.add(
          new JsonObject()
              .put("revision", change.entry.revision())
              .put("publishedAt", change.entry.publishedAt().toString())
              .put("before", change.before)
              .put("after", change.after));
    }
    return new JsonObject().put("user", userId).put("changes", list);
  }

  @Override
  public String inWords() {
    if (changes.isEmpty()) {
      return "nothing is published that could hold user " + userId;
    }
    var table = new TextTable("revision", "published", "what changed for user " + userId);
    for (Change change : newestFirst()) {
      table.row(
          Long.toString(change.entry.revision()), change.entry.publishedAt(), change.inWords());
    }
    return table.inWords();
  }
}
