package dev.satchel.publisher.store;

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

/**
 * At which revisions a user's values changed. {@link History#look} adds to it, one revision at a
 * time. Not safe for use by two threads at a time.
 */
public final class UserHistory implements Report {
  private final String userId;
  private final List<Change> changes = new ArrayList<>();
  private @Nullable JsonObject last;
  private boolean isFirst = true;

  public UserHistory(String userId) {
    this.userId = userId;
  }

  /**
   * A revision at which something changed, or that cannot be looked at.
   *
   * @param isOldest whether no earlier revision could be looked at
   * @param before the values that changed, as they were; null if the user was not there
   * @param after the same as they are since; null if the user is gone
   * @param problem why the revision cannot be looked at, in one line, or null
   */
  public record Change(
      HistoryEntry entry,
      boolean isOldest,
      @Nullable JsonObject before,
      @Nullable JsonObject after,
      @Nullable String problem) {

    /** Returns what happened to the user, in words. */
    public String event() {
      if (problem != null) {
        return "not known";
      } else if (isOldest) {
        return "as far back as copies reach";
      } else if (after == null) {
        return "removed";
      }
      return before == null ? "added" : "changed";
    }

    /** Returns the values that changed, by name. */
    public List<FieldValues> fields() {
      var names = new TreeSet<String>();
      for (JsonObject values : both()) {
        names.addAll(values.fieldNames());
      }
      return names.stream()
          .map(name -> new FieldValues(name, json(before, name), json(after, name)))
          .toList();
    }

    private List<JsonObject> both() {
      List<JsonObject> both = new ArrayList<>();
      if (before != null) {
        both.add(before);
      }
      if (after != null) {
        both.add(after);
      }
      return both;
    }

    private static @Nullable String json(@Nullable JsonObject values, String name) {
      return values != null && values.containsKey(name)
          ? new String(UserJson.bytesOf(values.getMap().get(name)), StandardCharsets.UTF_8)
          : null;
    }

    private String inWords() {
      if (problem != null) {
        return event() + ": " + problem;
      } else if (before == null || after == null) {
        return event() + ": " + both().stream().findFirst().map(JsonObject::encode).orElse(NO_USER);
      }
      return String.join("; ", fields().stream().map(FieldValues::inWords).toList());
    }

    private JsonObject toJson() {
      var json =
          new JsonObject()
              .put("revision", entry.revision())
              .put("publishedAt", entry.publishedAt().toString())
              .put("before", before)
              .put("after", after);
      return problem == null ? json : json.put("problem", problem);
    }
  }

  /** What {@link Change#event} is followed by if the user was not there at all. */
  public static final String NO_USER = "no such user";

  /**
   * A field that changed.
   *
   * @param before as JSON, or null if it was absent
   * @param after as JSON, or null if it is absent since
   */
  public record FieldValues(String name, @Nullable String before, @Nullable String after) {
    private String inWords() {
      return "%s: %s, was %s"
          .formatted(
              name,
              Objects.requireNonNullElse(after, "absent"),
              Objects.requireNonNullElse(before, "absent"));
    }
  }

  public String userId() {
    return userId;
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

  /** Notes that the next revision cannot be looked at; the one after is compared to the last. */
  void skip(HistoryEntry entry, String problem) {
    changes.add(new Change(entry, false, null, null, problem));
  }

  private Change changeTo(HistoryEntry entry, @Nullable JsonObject now) {
    JsonObject was = last;
    if (was == null || now == null) {
      return new Change(entry, isFirst, was, now, null);
    }
    var before = new JsonObject();
    var after = new JsonObject();
    var names = new TreeSet<>(was.fieldNames());
    names.addAll(now.fieldNames());
    for (String name : names) {
      if (was.containsKey(name) != now.containsKey(name)
          || !Objects.equals(was.getValue(name), now.getValue(name))) {
        copy(name, was, before);
        copy(name, now, after);
      }
    }
    return new Change(entry, false, before, after, null);
  }

  private static void copy(String name, JsonObject from, JsonObject to) {
    if (from.containsKey(name)) {
      to.put(name, from.getValue(name));
    }
  }

  /** Returns the changes that were found so far. */
  public List<Change> newestFirst() {
    List<Change> reversed = new ArrayList<>(changes);
    Collections.reverse(reversed);
    return reversed;
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("user", userId)
        .put("changes", new JsonArray(newestFirst().stream().map(Change::toJson).toList()));
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
