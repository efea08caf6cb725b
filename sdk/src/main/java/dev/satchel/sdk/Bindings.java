package dev.satchel.sdk;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Binds the users of one view to the application's types. Users with equal content share one
 * object, and repeating a recent question allocates nothing. Bounded: {@value #MAX_ANSWERS} answers
 * and as many contents. Safe for any thread.
 */
final class Bindings {
  private static final int MAX_ANSWERS = 4_096;

  /** The latest binding in a place; {@code bound} holds a {@code type}. */
  private record Answer(int user, Class<?> type, Optional<?> bound) {}

  /** The values of all fields, in the view's order. */
  private record Content(Class<?> type, List<@Nullable Object> values) {}

  private final AtomicReferenceArray<@Nullable Answer> answers =
      new AtomicReferenceArray<>(MAX_ANSWERS);
  private final ConcurrentHashMap<Content, Optional<?>> contents = new ConcurrentHashMap<>();

  <T> Optional<T> get(ConfigView view, int user, Class<T> type) {
    int place = (user * 31 + type.hashCode()) & (MAX_ANSWERS - 1);
    Answer answer = answers.get(place);
    if (answer == null || answer.user != user || answer.type != type) {
      answer = new Answer(user, type, bind(view, user, type));
      answers.set(place, answer);
    }
    @SuppressWarnings("unchecked") // it was bound to that type
    var bound = (Optional<T>) answer.bound;
    return bound;
  }

  private Optional<?> bind(ConfigView view, int user, Class<?> type) {
    var content = new Content(type, Arrays.asList(view.valuesAt(user)));
    Optional<?> known = contents.get(content);
    if (known != null) {
      return known;
    }
    if (contents.size() >= MAX_ANSWERS) {
      contents.clear(); // cheaper than keeping the order of use, and just as bounded
    }
    Optional<?> bound = view.configAt(user).map(config -> JsonNodes.bind(config, type));
    Optional<?> first = contents.putIfAbsent(content, bound);
    return first == null ? bound : first;
  }
}
