package dev.satchel.publisher.kv;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.KvException;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.kv.RetryingClient.Call;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One Workers KV namespace over Cloudflare's REST API. Safe for use by any thread; nothing blocks.
 *
 * <p>Futures fail with {@link KvException}, or with {@link IllegalArgumentException} before
 * anything is sent if the request breaks the limits of Workers KV. Calls that may succeed later are
 * repeated as the {@link RetryPolicy} says, with one log line for each. Keys and values must not
 * change until the future is complete; then they belong to the caller again.
 */
public final class CloudflareKv implements NamespaceReader, NamespaceWriter {
  private final RetryingClient client;
  private final BulkCalls bulk;

  private CloudflareKv(RetryingClient client) {
    this.client = client;
    this.bulk = new BulkCalls(client);
  }

  /** Creates a client that retries as {@link RetryPolicy#DEFAULT}; connects when first used. */
  public static CloudflareKv create(Vertx vertx, CloudflareSettings settings) {
    return create(vertx, settings, RetryPolicy.DEFAULT);
  }

  /** Creates a client with a retry policy of its own; connects when first used. */
  public static CloudflareKv create(Vertx vertx, CloudflareSettings settings, RetryPolicy policy) {
    return new CloudflareKv(new RetryingClient(vertx, settings, policy));
  }

  /** Returns what this client has sent and received so far. */
  public KvTraffic traffic() {
    return client.traffic();
  }

  /** Calls the follower with the time that each request from now on takes, on any thread. */
  public void followRequests(Consumer<Duration> follower) {
    client.followRequests(follower);
  }

  /** Ends calls in progress with {@link KvException} and frees the connections; idempotent. */
  public Future<Void> close() {
    return client.close();
  }

  @Override
  public Future<Optional<Buffer>> value(String key) {
    return checked(
        () -> {
          var call = new Call(HttpMethod.GET, "/values/" + KvLimits.segment(key), null);
          return client
              .send(call)
              .compose(
                  answer -> {
                    if (answer.status() != 200) {
                      return answer.said().saysKeyIsMissing()
                          ? Future.succeededFuture(Optional.empty())
                          : Future.failedFuture(
                              client.refusals().refusal(call.name(), answer.said()));
                    }
                    if (!answer.hasKnownEnd()) {
                      return Future.failedFuture(
                          client
                              .refusals()
                              .unusable(
                                  call.name(), "a body with a length or in chunks", answer.said()));
                    }
                    return Future.succeededFuture(Optional.of(answer.body()));
                  });
        });
  }

  @Override
  public Future<Optional<JsonObject>> metadata(String key) {
    return checked(
        () -> {
          var call = new Call(HttpMethod.GET, "/metadata/" + KvLimits.segment(key), null);
          return client
              .send(call)
              .compose(
                  answer ->
                      answer.said().saysKeyIsMissing()
                          ? Future.succeededFuture(Optional.empty())
                          : client.envelope(call, answer).map(CloudflareKv::metadataIn));
        });
  }

  @Override
  public Future<KeyPage> keys(String prefix, @Nullable String cursor) {
    var query = new ArrayList<String>();
    if (!prefix.isEmpty()) {
      query.add("prefix=" + KvLimits.escape(prefix));
    }
    if (cursor != null) {
      query.add("cursor=" + KvLimits.escape(cursor));
    }
    var path = query.isEmpty() ? "/keys" : "/keys?" + String.join("&", query);
    var call = new Call(HttpMethod.GET, path, null);
    return client
        .send(call)
        .compose(
            answer ->
                client
                    .envelope(call, answer)
                    .compose(
                        envelope ->
                            keyPage(envelope)
                                .map(Future::succeededFuture)
                                .orElseGet(
                                    () ->
                                        Future.failedFuture(
                                            client
                                                .refusals()
                                                .unusable(
                                                    call.name(),
                                                    "a list of keys",
                                                    answer.said())))));
  }

  @Override
  public Future<Void> put(
      String key, Buffer value, @Nullable JsonObject metadata, @Nullable Duration timeToLive) {
    return checked(
        () -> {
          var path = "/values/" + KvLimits.segment(key);
          KvLimits.checkValue(value.length());
          if (timeToLive != null) {
            KvLimits.checkTimeToLive(timeToLive);
            path += "?expiration_ttl=" + timeToLive.toSeconds();
          }
          if (metadata != null) {
            KvLimits.checkMetadata(metadata.encode());
          }
          var body =
              metadata == null ? RequestBody.octets(value) : RequestBody.form(value, metadata);
          return done(new Call(HttpMethod.PUT, path, body));
        });
  }

  @Override
  public Future<Void> delete(String key) {
    return checked(
        () -> done(new Call(HttpMethod.DELETE, "/values/" + KvLimits.segment(key), null)));
  }

  /**
   * Writes pairs in their order, batch by batch; each pair is a billed write. Keys that a batch
   * leaves out are written again, as often as the policy says. If the future fails, the batches
   * before the failing one are written.
   */
  @Override
  public Future<Void> putAll(List<KvPair> pairs) {
    return checked(() -> bulk.put(pairs));
  }

  @Override
  public Future<Void> deleteAll(List<String> keys) {
    return checked(() -> bulk.delete(keys));
  }

  private Future<Void> done(Call call) {
    return client.send(call).compose(answer -> client.envelope(call, answer)).mapEmpty();
  }

  private static Optional<JsonObject> metadataIn(JsonObject envelope) {
    var result = envelope.getValue("result");
    if (result == null) {
      return Optional.empty();
    }
    // others may store metadata of another kind, which must not keep us from writing ours
    return Optional.of(result instanceof JsonObject metadata ? metadata : new JsonObject());
  }

  /** Reads a page of keys; empty if the result is not a list of keys. */
  private static Optional<KeyPage> keyPage(JsonObject envelope) {
    if (!(envelope.getValue("result") instanceof JsonArray result)) {
      return Optional.empty();
    }
    var keys = new ArrayList<KeyPage.Key>();
    for (var item : result) {
      if (!(item instanceof JsonObject key && key.getValue("name") instanceof String name)) {
        return Optional.empty();
      }
      // others may store metadata of another kind, and their keys must not hide ours
      var metadata = key.getValue("metadata") instanceof JsonObject object ? object : null;
      keys.add(new KeyPage.Key(name, metadata, instant(key.getValue("expiration"))));
    }
    var cursor =
        envelope.getValue("result_info") instanceof JsonObject info
                && info.getValue("cursor") instanceof String text
                && !text.isEmpty()
            ? text
            : null;
    return Optional.of(new KeyPage(keys, cursor));
  }

  private static @Nullable Instant instant(@Nullable Object unixSeconds) {
    try {
      return unixSeconds instanceof Number seconds
          ? Instant.ofEpochSecond(seconds.longValue())
          : null;
    } catch (DateTimeException beyondTime) {
      return null; // practically never
    }
  }

  private static <T> Future<T> checked(Supplier<Future<T>> call) {
    try {
      return call.get();
    } catch (IllegalArgumentException refused) {
      return Future.failedFuture(refused);
    }
  }
}
