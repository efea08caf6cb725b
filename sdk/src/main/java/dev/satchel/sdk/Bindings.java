package dev.satchel.sdk;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Binds the users of one view to the application's types. Users with equal content share one
 * object, and repeating a recent question allocates nothing. Safe for any thread.
 */
final class Bindings {
  /*
   * Both tables have one place for each hash, and the latest takes it: content whose hashes were
   * made to collide costs a comparison, and is bound anew.
   */
  private static final int PLACES = 4_096;

  /** The latest binding in a place; {@code bound} holds a {@code type}. */
  private record Answer(int user, Class<?> type, Optional<?> bound) {}

  /** The values of all fields, in the view's order, and what they are bound to. */
  private record Content(
      Class<?> type, int hash, List<@Nullable Object> values, Optional<?> bound) {}

  private final AtomicReferenceArray<@Nullable Answer> answers = new AtomicReferenceArray<>(PLACES);
  private final AtomicReferenceArray<@Nullable Content> contents =
      new AtomicReferenceArray<>(PLACES);
  private final Binder binder;

  Bindings(Binder binder) {
    this.binder = binder;
  }

  <T> Optional<T> get(ConfigView view, int user, Class<T> type) {
    // users in a row never take each other's place
    int place = (user ^ place(type.hashCode())) & (PLACES - 1);
    Answer answer = answers.get(place);
    if (answer == null || answer.user != user || answer.type != type) {
      answer = new Answer(user, type, bind(view, user, type));
      answers.set(place, answer);
    }
    @SuppressWarnings("unchecked") // it was bound to that type
    var bound = (Optional<T>) answer.bound;
    return bound;
  }

  private static int place(int hash) {
    return (hash ^ (hash >>> 16)) & (PLACES - 1);
  }

  private Optional<?> bind(ConfigView view, int user, Class<?> type) {
    List<@Nullable Object> values = Arrays.asList(view.valuesAt(user));
    int hash = values.hashCode() * 31 + type.hashCode();
    int place = place(hash);
    Content known = contents.get(place);
    if (known != null && known.hash == hash && known.type == type && known.values.equals(values)) {
      return known.bound;
    }
    Optional<?> bound = Optional.of(bound(view, user, type));
    contents.set(place, new Content(type, hash, values, bound));
    return bound;
  }

  private <T> T bound(ConfigView view, int user, Class<T> type) {
    try {
      return binder.bind(
          view.configAt(user).orElseThrow(), type, new Unbound(view.mistakes(), view.fieldNames()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "user %s: %s".formatted(view.idAt(user), e.getMessage()), e.getCause());
    }
  }
}
