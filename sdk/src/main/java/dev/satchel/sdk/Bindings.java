package dev.satchel.sdk;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The users of one view as objects of the application's types. Users of equal content share one
 * object, and the answer to a question asked before is found without allocating. Bounded: {@value
 * #MAX_ANSWERS} answers and as many contents. Safe for any thread.
 */
final class Bindings {
  private static final int MAX_ANSWERS = 4_096;

  /** What a user was bound to last in its place; {@code bound} holds a {@code type}. */
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
    @SuppressWarnings("unchecked") // it was bound to the type beside it
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
      contents.clear(); // cheaper than to keep an order of use, and as bounded
    }
    Optional<?> bound = view.configAt(user).map(config -> JsonNodes.bind(config, type));
    Optional<?> first = contents.putIfAbsent(content, bound);
    return first == null ? bound : first;
  }
}
