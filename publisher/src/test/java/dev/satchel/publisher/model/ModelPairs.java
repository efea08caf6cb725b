package dev.satchel.publisher.model;

import dev.satchel.publisher.kv.KeyPage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pairs of single users in the store. */
final class ModelPairs {
  private ModelPairs() {}

  /** Whether a key is that of a user's pair, or of what tells about them. */
  static boolean isOf(String key) {
    return key.startsWith(ModelWorld.PREFIX) || key.equals(ModelWorld.KEY + "@pairs");
  }

  /** Each user whose pair does not say what its row does, and each pair of no user. */
  static List<String> wrong(ModelStore store, Map<String, ModelRow> rows) {
    var pairs = new TreeMap<String, JsonObject>();
    for (KeyPage.Key key : store.keys(ModelWorld.PREFIX)) {
      var value = Objects.requireNonNull(store.newest(key.name()).pair()).value();
      pairs.put(key.name().substring(ModelWorld.PREFIX.length()), new JsonObject(value));
    }
    var ids = new TreeSet<>(pairs.keySet());
    ids.addAll(rows.keySet());
    return ids.stream()
        .filter(
            id -> {
              ModelRow row = rows.get(id);
              JsonObject pair = pairs.get(id);
              return row == null || pair == null || !row.isSaidBy(pair);
            })
        .toList();
  }
}
