package dev.satchel.publisher.source;

import dev.satchel.publisher.Waiting;
import dev.satchel.publisher.embedded.SharedDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps all users of a read, in the order they came. */
class Users implements UserSink {
  final List<String> fields = new ArrayList<>();
  final Map<Object, List<@Nullable Object>> byId = new LinkedHashMap<>();

  static Users read(String query) {
    return read(SharedDatabase.settings(), query);
  }

  static Users read(DatabaseSettings settings, String query) {
    var users = new Users();
    Waiting.await(source(settings, query).read(users));
    return users;
  }

  static PostgresSource source(DatabaseSettings settings, String query) {
    return new PostgresSource(SharedDatabase.vertx(), settings, query, Duration.ofSeconds(30));
  }

  @Override
  public void fields(List<String> names) {
    fields.addAll(names);
  }

  @Override
  public void user(Object id, @Nullable Object[] values, int[] numbers) {
    List<@Nullable Object> copy = new ArrayList<>();
    Collections.addAll(copy, values);
    byId.put(id, copy);
  }
}
