package dev.satchel.kv.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Single pairs: write, read, delete, metadata and the listing of keys. */
final class PairApi {
  private final PairStore store;
  private final Throttle throttle;
  private final LocalKvFaults faults;
  private final InstantSource clock;

  PairApi(PairStore store, Throttle throttle, LocalKvFaults faults, InstantSource clock) {
    this.store = store;
    this.throttle = throttle;
    this.faults = faults;
    this.clock = clock;
  }

  Answer write(Call call, Namespace namespace, String key) throws IOException {
    boolean isMultipart = Multipart.isMultipart(call.contentType());
    Checks.size(
        call.body(),
        isMultipart ? "a request" : "a value",
        isMultipart ? Limits.REQUEST_BYTES : Limits.VALUE_BYTES);
    long expiration =
        Checks.expiration(
            Checks.number(call.uri().query("expiration"), "expiration"),
            Checks.number(call.uri().query("expiration_ttl"), "expiration_ttl"),
            clock);
    byte[] value;
    byte[] metadata = null;
    if (isMultipart && call.contentType() != null) {
      Map<String, byte[]> parts = Multipart.parts(call.contentType(), call.body().bytes());
      value = parts.get("value");
      if (value == null) {
        throw Refusal.badRequest("expected a part named value in the multipart body");
      }
      byte[] text = parts.get("metadata");
      metadata = text == null ? null : Checks.metadata(Json.compact(text));
    } else {
      value = call.body().bytes();
    }
    var pair = new Pair(Checks.value(value), metadata, expiration);
    if (!throttle.mayWrite(namespace, key)) {
      throw Refusal.tooManyWrites();
    }
    try (PairStore.Batch batch = store.begin(namespace)) {
      batch.put(namespace, bytes(key), pair);
      commit(call, batch, namespace, key, pair);
    }
    return Answer.json(Json.envelope(Api::writeEmpty));
  }

  Answer delete(Call call, Namespace namespace, String key) throws IOException {
    try (PairStore.Batch batch = store.begin(namespace)) {
      batch.delete(namespace, bytes(key));
      commit(call, batch, namespace, key, null);
    }
    return Answer.json(Json.envelope(Api::writeEmpty));
  }

  private void commit(
      Call call, PairStore.Batch batch, Namespace namespace, String key, @Nullable Pair after)
      throws IOException {
    if (call.fault().forgets()) {
      return;
    }
    Pair before = faults.rememberWrites() ? store.read(namespace, bytes(key)) : null;
    batch.commit();
    if (faults.rememberWrites()) {
      faults.remember(namespace, key, before, after);
    }
  }

  Answer read(Namespace namespace, String key) throws IOException {
    Optional<LocalKvFaults.Version> stale = faults.stale(namespace, key);
    Pair pair = stale.isPresent() ? stale.get().pair() : store.read(namespace, bytes(key));
    if (pair == null) {
      throw Refusal.keyNotFound();
    }
    return Answer.raw(pair);
  }

  Answer metadata(Namespace namespace, String key) throws IOException {
    Optional<LocalKvFaults.Version> stale = faults.stale(namespace, key);
    byte[] metadata;
    if (stale.isPresent()) {
      Pair pair = stale.get().pair();
      if (pair == null) {
        throw Refusal.keyNotFound();
      }
      metadata = pair.metadata();
    } else {
      PairStore.Listed found = store.readMetadata(namespace, bytes(key));
      if (found == null) {
        throw Refusal.keyNotFound();
      }
      metadata = found.metadata();
    }
    return Answer.json(Json.envelope(json -> Json.writeRawOrNull(json, metadata)));
  }

  Answer list(Call call, Namespace namespace) throws IOException {
    int limit =
        Checks.number(
            call.uri().query("limit"),
            "limit",
            Limits.LIST_MOST,
            Limits.LIST_LEAST,
            Limits.LIST_MOST);
    String prefix = call.uri().query("prefix");
    // one more than asked for: whether there is a next page is known without a second look
    List<PairStore.Listed> found =
        store.list(
            namespace,
            bytes(prefix == null ? "" : prefix),
            after(call.uri().query("cursor")),
            limit + 1);
    List<PairStore.Listed> page = found.subList(0, Math.min(limit, found.size()));
    String cursor =
        found.size() > limit
            ? Base64.getUrlEncoder().withoutPadding().encodeToString(page.get(limit - 1).key())
            : "";
    return Answer.json(
        Json.envelope(
            json -> {
              json.writeStartArray();
              for (PairStore.Listed listed : page) {
                json.writeStartObject();
                json.writeStringField("name", new String(listed.key(), StandardCharsets.UTF_8));
                if (listed.expiration() != Pair.NEVER) {
                  json.writeNumberField("expiration", listed.expiration());
                }
                byte[] metadata = listed.metadata();
                if (metadata != null) {
                  json.writeFieldName("metadata");
                  Json.writeRawOrNull(json, metadata);
                }
                json.writeEndObject();
              }
              json.writeEndArray();
            },
            json -> {
              json.writeNumberField("count", page.size());
              json.writeStringField("cursor", cursor);
            }));
  }

  private static byte @Nullable [] after(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return null;
    }
    try {
      return Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("expected a cursor that a listing has answered");
    }
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
