package dev.satchel.demo;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvReader;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Assets read from KV, kept for a minute so that pages do not spend the account's requests. At most
 * 64 MiB are kept; the least recently used go first. Guarded by its own monitor.
 */
final class AssetCache {
  /** KV itself may serve a value for 60 s after it was replaced. */
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(60);

  /** Room for two of the largest values of KV, 25 MiB each, and for small ones. */
  static final long MAX_BYTES = 64L << 20;

  /** How many reads may be under way at once; each may hold a value of 25 MiB. */
  static final int MAX_READS = 8;

  /**
   * How long a read may take. The reader enforces it, so that no read holds its place for longer.
   */
  static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private static final int ENTRY_OVERHEAD_BYTES = 512;
  private static final int ETAG_DIGITS = 32;

  private final Vertx vertx;
  private final KvReader kv;
  private final LongSupplier nanos;
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Future<Optional<Asset>>> reads = new HashMap<>();
  private long bytes;

  /** A value and its strong ETag, quotes included. */
  record Asset(Buffer bytes, String etag) {
    static Asset of(byte[] value) {
      return new Asset(
          Buffer.buffer(value), '"' + Digests.sha256(value).substring(0, ETAG_DIGITS) + '"');
    }
  }

  /** Too many assets are being read from KV. */
  static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException() {
      super("expected fewer than %d assets being read at once".formatted(MAX_READS));
    }
  }

  private record Entry(Optional<Asset> asset, long readAtNanos) {
    long bytes() {
      return ENTRY_OVERHEAD_BYTES + asset.map(a -> (long) a.bytes().length()).orElse(0L);
    }
  }

  AssetCache(Vertx vertx, KvReader kv, LongSupplier nanos) {
    this.vertx = vertx;
    this.kv = kv;
    this.nanos = nanos;
  }

  /**
   * Returns the asset under {@code key}, or empty if there is none. While KV fails, an asset that
   * has outlived its time is better than nothing.
   */
  Future<Optional<Asset>> get(String key) {
    Promise<Optional<Asset>> promise;
    Entry old;
    synchronized (this) {
      old = entries.get(key);
      if (old != null && nanos.getAsLong() - old.readAtNanos() < TIME_TO_LIVE.toNanos()) {
        return Future.succeededFuture(old.asset());
      }
      Future<Optional<Asset>> underWay = reads.get(key);
      if (underWay != null) {
        return underWay;
      }
      if (reads.size() >= MAX_READS) {
        return Future.failedFuture(new BusyException());
      }
      promise = Promise.promise();
      reads.put(key, promise.future());
    }
    // the read blocks, and hashing 25 MiB takes too long for an event loop as well
    vertx
        .executeBlocking(() -> kv.value(key, 0).map(Asset::of), false)
        .onComplete(read -> finish(key, old, promise, read));
    return promise.future();
  }

  private void finish(
      String key,
      @Nullable Entry old,
      Promise<Optional<Asset>> promise,
      AsyncResult<Optional<Asset>> read) {
    synchronized (this) {
      reads.remove(key);
      if (read.succeeded()) {
        keep(key, new Entry(read.result(), nanos.getAsLong()));
      }
    }
    if (read.succeeded()) {
      promise.complete(read.result());
    } else if (old != null) {
      promise.complete(old.asset());
    } else {
      promise.fail(read.cause());
    }
  }

  private void keep(String key, Entry entry) {
    Entry replaced = entries.put(key, entry);
    bytes += entry.bytes() - (replaced == null ? 0 : replaced.bytes());
    Iterator<Entry> eldest = entries.values().iterator();
    while (bytes > MAX_BYTES && eldest.hasNext()) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
  }
}
