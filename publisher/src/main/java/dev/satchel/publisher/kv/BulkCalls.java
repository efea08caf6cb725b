package dev.satchel.publisher.kv;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.satchel.kv.KvException;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.kv.RetryingClient.Call;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes and deletes many keys batch by batch, and repeats those that a batch left out. */
final class BulkCalls {
  /**
   * Far below the 100 MB allowed for a request, so that a batch does not strain the heap; one pair
   * of the largest size (34.95 MB as base64) still fits.
   */
  static final int MAX_BATCH_BYTES = 40_000_000;

  private static final int KEYS_IN_MESSAGE = 5;
  private static final byte[] BEFORE_KEY = ascii("{\"key\":\"");
  private static final byte[] BEFORE_VALUE = ascii("\",\"base64\":true,\"value\":\"");
  private static final byte[] AFTER_VALUE = ascii("\"");
  private static final byte[] BEFORE_METADATA = ascii(",\"metadata\":");

  private final RetryingClient client;

  BulkCalls(RetryingClient client) {
    this.client = client;
  }

  /** Writes pairs in their order; a key that occurs twice ends up with its last value. */
  Future<Void> put(List<KvPair> pairs) {
    for (var pair : pairs) {
      KvLimits.checkKey(pair.key());
      KvLimits.checkValue(pair.value().length());
      if (pair.metadata() != null) {
        KvLimits.checkMetadata(pair.metadata().encode());
      }
    }
    return putFrom(List.copyOf(pairs), 0);
  }

  Future<Void> delete(List<String> keys) {
    keys.forEach(KvLimits::checkKey);
    return deleteFrom(List.copyOf(new LinkedHashSet<>(keys)), 0);
  }

  private Future<Void> putFrom(List<KvPair> pairs, int from) {
    if (from == pairs.size()) {
      return Future.succeededFuture();
    }
    var batch = new LinkedHashMap<String, KvPair>();
    int next = from;
    long bytes = 2;
    while (next < pairs.size() && batch.size() < KvLimits.MAX_BULK_PAIRS) {
      var pair = pairs.get(next);
      bytes += jsonBytes(pair);
      if (bytes > MAX_BATCH_BYTES || batch.containsKey(pair.key())) {
        break;
      }
      batch.put(pair.key(), pair);
      next++;
    }
    int rest = next;
    return write(batch, 1).compose(done -> putFrom(pairs, rest));
  }

  private Future<Void> deleteFrom(List<String> keys, int from) {
    if (from == keys.size()) {
      return Future.succeededFuture();
    }
    int end = Math.min(keys.size(), from + KvLimits.MAX_BULK_PAIRS);
    return remove(new LinkedHashSet<>(keys.subList(from, end)), 1)
        .compose(done -> deleteFrom(keys, end));
  }

  private Future<Void> write(Map<String, KvPair> batch, int attempt) {
    var call = new Call(HttpMethod.PUT, "/bulk", RequestBody.json(json(batch.values())));
    return client
        .send(call)
        .compose(answer -> leftOut(call, answer, batch.keySet()))
        .compose(
            left -> {
              if (left.isEmpty()) {
                return Future.succeededFuture();
              }
              var again = new LinkedHashMap<>(batch);
              again.keySet().retainAll(left);
              return client
                  .pause(call.name(), attempt, failure(call, left, batch.size()))
                  .compose(done -> write(again, attempt + 1));
            });
  }

  private Future<Void> remove(Set<String> batch, int attempt) {
    var body = RequestBody.json(new JsonArray(new ArrayList<>(batch)).toBuffer());
    var call = new Call(HttpMethod.POST, "/bulk/delete", body);
    return client
        .send(call)
        .compose(answer -> leftOut(call, answer, batch))
        .compose(
            left ->
                left.isEmpty()
                    ? Future.succeededFuture()
                    : client
                        .pause(call.name(), attempt, failure(call, left, batch.size()))
                        .compose(done -> remove(left, attempt + 1)));
  }

  /** Returns the keys of the batch that the store reports as not done. */
  private Future<Set<String>> leftOut(Call call, KvResponse answer, Set<String> batch) {
    return client
        .envelope(call, answer)
        .compose(
            envelope -> {
              var left = new LinkedHashSet<String>();
              if (envelope.getValue("result") instanceof JsonObject result
                  && result.getValue("unsuccessful_keys") instanceof JsonArray keys) {
                for (var key : keys) {
                  if (!(key instanceof String name) || !batch.contains(name)) {
                    return Future.failedFuture(
                        client
                            .refusals()
                            .unusable(
                                call.name(), "unsuccessful keys of this batch", answer.said()));
                  }
                  left.add(name);
                }
              }
              return Future.succeededFuture(left);
            });
  }

  private KvException failure(Call call, Set<String> left, int all) {
    var first =
        left.stream()
            .limit(KEYS_IN_MESSAGE)
            .map(client.refusals()::quote)
            .collect(Collectors.joining(", "));
    return new KvException(
        call.name()
            + ": expected all of "
            + all
            + " keys to be done but found "
            + left.size()
            + " unsuccessful: "
            + first
            + (left.size() > KEYS_IN_MESSAGE ? ", …" : ""),
        200,
        0,
        true,
        null);
  }

  private static Buffer json(Collection<KvPair> batch) {
    var json = Buffer.buffer().appendByte((byte) '[');
    for (var pair : batch) {
      json.appendBytes(json.length() == 1 ? new byte[0] : new byte[] {','})
          .appendBytes(BEFORE_KEY)
          .appendBytes(JsonStringEncoder.getInstance().quoteAsUTF8(pair.key()))
          .appendBytes(BEFORE_VALUE)
          .appendBytes(Base64.getEncoder().encode(pair.value().getBytes()))
          .appendBytes(AFTER_VALUE);
      if (pair.metadata() != null) {
        json.appendBytes(BEFORE_METADATA).appendBuffer(pair.metadata().toBuffer());
      }
      json.appendByte((byte) '}');
    }
    return json.appendByte((byte) ']');
  }

  private static long jsonBytes(KvPair pair) {
    return 2L
        + BEFORE_KEY.length
        + JsonStringEncoder.getInstance().quoteAsUTF8(pair.key()).length
        + BEFORE_VALUE.length
        + (pair.value().length() + 2L) / 3 * 4
        + AFTER_VALUE.length
        + (pair.metadata() == null
            ? 0
            : BEFORE_METADATA.length + pair.metadata().toBuffer().length());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
