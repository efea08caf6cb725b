package dev.satchel.kv.local;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which namespaces there are, and where in a log each of their pairs lies. Any thread may read; one
 * at a time may change it.
 */
final class PairIndex {

  /** Where a pair lies in a log. */
  record Entry(RecordLog log, long at, int bytes, int metadataBytes, long expiration) {
    boolean isGone(long now) {
      return expiration != Pair.NEVER && expiration <= now;
    }

    private long bytesInLog() {
      return RecordLog.sizeOf(bytes);
    }
  }

  /** A namespace and its pairs in byte order of their keys. */
  private static final class Bucket {
    private volatile Namespace namespace;
    private final ConcurrentSkipListMap<byte[], Entry> pairs =
        new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

    Bucket(Namespace namespace) {
      this.namespace = namespace;
    }
  }

  /** The namespaces by number, which is the order in which they were made. */
  private final Map<Integer, Bucket> buckets = new ConcurrentSkipListMap<>();

  private long liveBytes;
  private int nextNumber = 1;

  /** Returns all namespaces, oldest first. */
  List<Namespace> namespaces() {
    return buckets.values().stream().map(bucket -> bucket.namespace).toList();
  }

  List<Namespace> namespaces(String account) {
    return namespaces().stream().filter(namespace -> namespace.isSeenBy(account)).toList();
  }

  Optional<Namespace> sharedNamespace(String id) {
    return namespaces().stream()
        .filter(namespace -> namespace.account() == null && namespace.id().equals(id))
        .findFirst();
  }

  boolean has(Namespace namespace) {
    return buckets.containsKey(namespace.number());
  }

  /** Returns the number of the next namespace. */
  int nextNumber() {
    return nextNumber;
  }

  /** Returns how many bytes of the log entries point at. */
  long liveBytes() {
    return liveBytes;
  }

  /** Returns where the pair under a key lies, or null if there is none now. */
  @Nullable Entry entry(Namespace namespace, byte[] key, long now) {
    Entry entry = pairs(namespace).get(key);
    return entry == null || entry.isGone(now) ? null : entry;
  }

  /** Returns the keys from one on, in byte order, including those of expired pairs. */
  Iterable<byte[]> keys(Namespace namespace, byte[] from, boolean inclusive) {
    return pairs(namespace).tailMap(from, inclusive).navigableKeySet();
  }

  /** Returns all pairs; fails if the namespace is gone. */
  ConcurrentNavigableMap<byte[], Entry> pairs(Namespace namespace) {
    Bucket bucket = buckets.get(namespace.number());
    if (bucket == null) {
      throw Refusal.namespaceNotFound();
    }
    return bucket.pairs;
  }

  /** Adds a namespace, or renames it. */
  void save(Namespace namespace) {
    Bucket bucket = buckets.get(namespace.number());
    if (bucket == null) {
      buckets.put(namespace.number(), new Bucket(namespace));
    } else {
      bucket.namespace = namespace;
    }
    nextNumber = Math.max(nextNumber, namespace.number() + 1);
  }

  /** Removes a namespace with all its pairs. */
  void drop(int number) {
    Bucket dropped = buckets.remove(number);
    if (dropped != null) {
      dropped.pairs.values().forEach(entry -> liveBytes -= entry.bytesInLog());
    }
  }

  void put(int number, byte[] key, Entry entry) {
    Bucket bucket = buckets.get(number);
    if (bucket != null) {
      Entry before = bucket.pairs.put(key, entry);
      liveBytes += entry.bytesInLog() - (before == null ? 0 : before.bytesInLog());
    }
  }

  void delete(int number, byte[] key) {
    Bucket bucket = buckets.get(number);
    Entry before = bucket == null ? null : bucket.pairs.remove(key);
    liveBytes -= before == null ? 0 : before.bytesInLog();
  }

  /** Forgets pairs that have expired. */
  void purge(long now) {
    for (Bucket bucket : buckets.values()) {
      bucket
          .pairs
          .values()
          .removeIf(
              entry -> {
                boolean isGone = entry.isGone(now);
                liveBytes -= isGone ? entry.bytesInLog() : 0;
                return isGone;
              });
    }
  }
}
