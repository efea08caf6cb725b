package dev.satchel.kv.local;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Many pairs in one request. Bodies are parsed as they are written to the store, one pair in memory
 * at a time; a pair that is refused takes back the whole request.
 */
final class BulkApi {
  private final PairStore store;
  private final Throttle throttle;
  private final LocalKvFaults faults;
  private final InstantSource clock;

  BulkApi(PairStore store, Throttle throttle, LocalKvFaults faults, InstantSource clock) {
    this.store = store;
    this.throttle = throttle;
    this.faults = faults;
    this.clock = clock;
  }

  private record KeyedPair(String key, Pair pair) {}

  Answer write(Call call, Namespace namespace) throws IOException {
    Checks.size(call.body(), "a request", Limits.REQUEST_BYTES);
    var outcome = new Outcome(call, namespace);
    try (JsonParser parser = Json.parser(call.body().stream());
        PairStore.Batch batch = store.begin(namespace)) {
      Set<String> seen = new HashSet<>();
      Json.expect(parser.nextToken(), JsonToken.START_ARRAY, "the body");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        KeyedPair keyed = pair(parser);
        outcome.count(
            keyed.key,
            // where a key comes twice in a request the last one wins, limit or not
            seen.add(keyed.key) && !throttle.mayWrite(namespace, keyed.key),
            keyed.pair);
        if (outcome.isToBeStored(keyed.key)) {
          batch.put(namespace, bytes(keyed.key), keyed.pair);
        }
      }
      outcome.commit(batch);
    }
    return outcome.answer();
  }

  Answer delete(Call call, Namespace namespace) throws IOException {
    Checks.size(call.body(), "a request", Limits.REQUEST_BYTES);
    var outcome = new Outcome(call, namespace);
    try (JsonParser parser = Json.parser(call.body().stream());
        PairStore.Batch batch = store.begin(namespace)) {
      Json.expect(parser.nextToken(), JsonToken.START_ARRAY, "the body");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        String key = Checks.key(Json.text(parser, "a key"));
        outcome.count(key, false, null);
        if (outcome.isToBeStored(key)) {
          batch.delete(namespace, bytes(key));
        }
      }
      outcome.commit(batch);
    }
    return outcome.answer();
  }

  /** The outcome for each key of one bulk request. */
  private final class Outcome {
    private final Call call;
    private final Namespace namespace;
    private final Set<String> unsuccessful = new LinkedHashSet<>();
    private final Map<String, Optional<Pair>> before = new LinkedHashMap<>();
    private final Map<String, Optional<Pair>> after = new LinkedHashMap<>();
    private int keys;
    private int successful;

    Outcome(Call call, Namespace namespace) {
      this.call = call;
      this.namespace = namespace;
    }

    void count(String key, boolean isTooSoon, @Nullable Pair pair) throws IOException {
      if (++keys > Limits.BULK_KEYS) {
        throw Refusal.badRequest("expected at most " + Limits.BULK_KEYS + " keys in a request");
      }
      if (isTooSoon || call.fault().leavesUnsuccessful(key)) {
        unsuccessful.add(key);
      }
      if (!unsuccessful.contains(key)) {
        successful++;
        if (faults.rememberWrites()) {
          before.putIfAbsent(key, Optional.ofNullable(store.read(namespace, bytes(key))));
          after.put(key, Optional.ofNullable(pair));
        }
      }
    }

    boolean isToBeStored(String key) {
      return !unsuccessful.contains(key);
    }

    void commit(PairStore.Batch batch) throws IOException {
      if (!call.fault().forgets()) {
        batch.commit();
        before.forEach(
            (key, pair) ->
                faults.remember(
                    namespace, key, pair.orElse(null), after.getOrDefault(key, pair).orElse(null)));
      }
    }

    Answer answer() {
      return Answer.json(
          Json.envelope(
              json -> {
                json.writeStartObject();
                json.writeNumberField("successful_key_count", successful);
                json.writeArrayFieldStart("unsuccessful_keys");
                for (String key : unsuccessful) {
                  json.writeString(key);
                }
                json.writeEndArray();
                json.writeEndObject();
              }));
    }
  }

  private KeyedPair pair(JsonParser parser) throws IOException {
    Json.expect(parser.currentToken(), JsonToken.START_OBJECT, "a pair");
    String key = "";
    String value = null;
    boolean isBase64 = false;
    Long expiration = null;
    Long timeToLiveSeconds = null;
    byte[] metadata = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue; // a client that has nothing to say may say null
      }
      switch (field) {
        case "key" -> key = Json.text(parser, "key");
        case "value" -> value = Json.text(parser, "value");
        case "base64" -> isBase64 = Json.flag(parser, "base64");
        case "expiration" -> expiration = Json.number(parser, "expiration");
        case "expiration_ttl" -> timeToLiveSeconds = Json.number(parser, "expiration_ttl");
        case "metadata" -> metadata = Checks.metadata(Json.compact(parser));
        default -> parser.skipChildren();
      }
    }
    Checks.key(key);
    if (value == null) {
      throw Refusal.badRequest("expected a value for every key");
    }
    return new KeyedPair(
        key,
        new Pair(
            Checks.value(isBase64 ? decoded(value) : bytes(value)),
            metadata,
            Checks.expiration(expiration, timeToLiveSeconds, clock)));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("expected a value in base64 where base64 is true");
    }
  }

  Answer read(Call call, Namespace namespace) throws IOException {
    Checks.size(call.body(), "a request", Limits.REQUEST_BYTES);
    Set<String> keys = new LinkedHashSet<>();
    String type = "text";
    boolean withMetadata = false;
    try (JsonParser parser = Json.parser(call.body().stream())) {
      Json.expect(parser.nextToken(), JsonToken.START_OBJECT, "the body");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "keys" -> keys.addAll(keys(parser));
          case "type" -> type = Json.text(parser, "type");
          case "withMetadata" -> withMetadata = Json.flag(parser, "withMetadata");
          default -> parser.skipChildren();
        }
      }
    }
    if (!type.equals("text") && !type.equals("json")) {
      throw Refusal.badRequest("expected type to be text or json but found " + type);
    }
    return Answer.json(values(namespace, keys, type.equals("json"), withMetadata));
  }

  private static List<String> keys(JsonParser parser) throws IOException {
    List<String> keys = new ArrayList<>();
    Json.expect(parser.currentToken(), JsonToken.START_ARRAY, "keys");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      keys.add(Checks.key(Json.text(parser, "a key")));
      if (keys.size() > Limits.BULK_GET_KEYS) {
        throw Refusal.of(
            400, 10029, "expected at most " + Limits.BULK_GET_KEYS + " keys in a bulk read");
      }
    }
    return keys;
  }

  private byte[] values(Namespace namespace, Set<String> keys, boolean asJson, boolean withMetadata)
      throws IOException {
    Map<String, Optional<Pair>> found = new LinkedHashMap<>();
    long bytes = 0;
    for (String key : keys) {
      Optional<LocalKvFaults.Version> stale = faults.stale(namespace, key);
      Optional<Pair> pair =
          Optional.ofNullable(
              stale.isPresent() ? stale.get().pair() : store.read(namespace, bytes(key)));
      bytes += pair.map(some -> some.value().length).orElse(0);
      if (bytes > Limits.BULK_GET_BYTES) {
        throw Refusal.tooLarge("values", Limits.BULK_GET_BYTES);
      }
      found.put(key, asJson && pair.isPresent() ? Optional.of(asJson(key, pair.get())) : pair);
    }
    return Json.envelope(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("values");
          for (Map.Entry<String, Optional<Pair>> entry : found.entrySet()) {
            json.writeFieldName(entry.getKey());
            write(json, entry.getValue().orElse(null), asJson, withMetadata);
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static Pair asJson(String key, Pair pair) throws IOException {
    try {
      return new Pair(Json.compact(pair.value()), pair.metadata(), pair.expiration());
    } catch (JsonProcessingException e) {
      throw Refusal.badRequest("expected JSON under " + key + " but found another value");
    }
  }

  private static void write(
      JsonGenerator json, @Nullable Pair pair, boolean asJson, boolean withMetadata)
      throws IOException {
    if (pair == null) {
      json.writeNull();
      return;
    }
    if (withMetadata) {
      json.writeStartObject();
      json.writeFieldName("value");
    }
    if (asJson) {
      Json.writeRawOrNull(json, pair.value());
    } else {
      json.writeString(new String(pair.value(), StandardCharsets.UTF_8));
    }
    if (withMetadata) {
      json.writeFieldName("metadata");
      Json.writeRawOrNull(json, pair.metadata());
      if (pair.expires()) {
        json.writeNumberField("expiration", pair.expiration());
      }
      json.writeEndObject();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
