package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The change of one user between two snapshots. Values are looked up when they are asked for, so
 * the change keeps both snapshots in memory. Immutable, safe for any thread.
 */
public final class UserChange {

  /** The kind of a change. */
  public enum Kind {
    /** Only the later snapshot has the user. */
    ADDED,
    /** Only the earlier snapshot has the user. */
    REMOVED,
    /** Both have the user, with different values. */
    CHANGED
  }

  private final SnapshotDiff diff;
  private final int userBefore;
  private final int userAfter;

  UserChange(SnapshotDiff diff, int userBefore, int userAfter) {
    this.diff = diff;
    this.userBefore = userBefore;
    this.userAfter = userAfter;
  }

  /** Returns whether the user was added, removed or changed. */
  public Kind kind() {
    return userBefore == NO_USER ? Kind.ADDED : userAfter == NO_USER ? Kind.REMOVED : Kind.CHANGED;
  }

  /** Returns the user's id: a {@link java.util.UUID}, {@link Long} or {@link String}. */
  public Object userId() {
    return userAfter == NO_USER ? diff.before().id(userBefore) : diff.after().id(userAfter);
  }

  /** Returns the earlier value of a field, or {@link Snapshot#ABSENT}. */
  public @Nullable Object before(String field) {
    return value(diff.before(), userBefore, field);
  }

  /** Returns the later value of a field, or {@link Snapshot#ABSENT}. */
  public @Nullable Object after(String field) {
    return value(diff.after(), userAfter, field);
  }

  /** Returns the fields whose values differ, in the order of {@link SnapshotDiff#fieldNames}. */
  public List<FieldChange> fields() {
    List<FieldChange> changes = new ArrayList<>();
    for (String name : diff.fieldNames()) {
      Object before = before(name);
      Object after = after(name);
      if (!Objects.equals(before, after)) {
        changes.add(new FieldChange(name, before, after));
      }
    }
    return List.copyOf(changes);
  }

  private static @Nullable Object value(Snapshot snapshot, int user, String name) {
    Field field = user == NO_USER ? null : snapshot.field(name);
    return field == null ? Snapshot.ABSENT : field.value(user);
  }

  /** Returns the kind and the user id, without values. */
  @Override
  public String toString() {
    return kind() + " " + userId();
  }
}
