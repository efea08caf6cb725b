package dev.satchel.kv.local;

import dev.satchel.kv.local.PairIndex.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Namespaces and pairs in one log of a directory, with an index in memory: about 150 bytes and the
 * key for each pair. What a batch has committed is on the disk; after a crash each pair is there
 * whole or not at all. Any thread may read; batches take turns. All methods block.
 *
 * <p>When more than half of the log is out of date, it is written anew without that.
 */
final class PairStore implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(PairStore.class);
  static final int SMALLEST_LOG_TO_COMPACT_BYTES = 64 << 20;

  /** A key without its value. */
  @SuppressWarnings("ArrayRecordComponent") // moved once and never compared
  record Listed(byte[] key, byte @Nullable [] metadata, long expiration) {}

  /** Reads what an entry points at. */
  @FunctionalInterface
  private interface Look<T> {
    T at(Entry entry) throws IOException;
  }

  private final StoreDirectory directory;
  private final InstantSource clock;
  private final int smallestLogToCompactBytes;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock writing = new ReentrantLock();

  /** Changed under {@code writing}. */
  private final PairIndex index = new PairIndex();

  // guarded by writing
  private RecordLog log;
  private volatile boolean closed;

  private PairStore(Path path, InstantSource clock, int smallestLogToCompactBytes)
      throws IOException {
    this.clock = clock;
    this.smallestLogToCompactBytes = smallestLogToCompactBytes;
    directory = StoreDirectory.open(path);
    try {
      log = directory.openLog(this::replay);
      compactIfWorthIt();
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Opens the store of a directory, creates the directory if it is missing, and keeps other
   * processes out.
   */
  static PairStore open(Path path, InstantSource clock, int smallestLogToCompactBytes)
      throws IOException {
    return new PairStore(path, clock, smallestLogToCompactBytes);
  }

  /** Returns the namespaces that an account sees, oldest first. */
  List<Namespace> namespaces(String account) {
    return index.namespaces(account);
  }

  Optional<Namespace> namespace(String account, String id) {
    return namespaces(account).stream().filter(namespace -> namespace.id().equals(id)).findFirst();
  }

  /** Returns the namespace of an id that every account sees. */
  Optional<Namespace> sharedNamespace(String id) {
    return index.sharedNamespace(id);
  }

  /** Makes a namespace under a new id. */
  Namespace createNamespace(String account, String title) throws IOException {
    var id = new byte[16];
    random.nextBytes(id);
    return createNamespace(account, HexFormat.of().formatHex(id), title);
  }

  /** Makes a namespace that {@code account} sees, or every account if that is null. */
  Namespace createNamespace(@Nullable String account, String id, String title) throws IOException {
    try (Batch batch = new Batch()) {
      if (account != null && isTitleTaken(account, title, 0)) {
        throw Refusal.titleTaken();
      }
      var namespace = new Namespace(index.nextNumber(), account, id, title);
      batch.save(namespace);
      batch.commit();
      return namespace;
    }
  }

  Namespace renameNamespace(String account, Namespace namespace, String title) throws IOException {
    try (Batch batch = begin(namespace)) {
      if (isTitleTaken(account, title, namespace.number())) {
        throw Refusal.titleTaken();
      }
      var renamed = new Namespace(namespace.number(), namespace.account(), namespace.id(), title);
      batch.save(renamed);
      batch.commit();
      return renamed;
    }
  }

  /** Removes a namespace with all its pairs. */
  void deleteNamespace(Namespace namespace) throws IOException {
    try (Batch batch = begin(namespace)) {
      batch.drop(namespace);
      batch.commit();
    }
  }

  private boolean isTitleTaken(String account, String title, int exceptNumber) {
    return namespaces(account).stream()
        .anyMatch(other -> other.title().equals(title) && other.number() != exceptNumber);
  }

  /** Waits for its turn and begins to write to a namespace. */
  Batch begin(Namespace namespace) throws IOException {
    var batch = new Batch();
    if (!index.has(namespace)) {
      batch.close();
      throw Refusal.namespaceNotFound();
    }
    return batch;
  }

  /** Returns the pair under a key, or null. */
  @Nullable Pair read(Namespace namespace, byte[] key) throws IOException {
    return look(namespace, key, entry -> pair(entry, key.length));
  }

  /** Returns a pair without its value, or null. */
  @Nullable Listed readMetadata(Namespace namespace, byte[] key) throws IOException {
    return look(namespace, key, entry -> listed(key, entry));
  }

  private <T> @Nullable T look(Namespace namespace, byte[] key, Look<T> look) throws IOException {
    Entry entry = entry(namespace, key);
    while (entry != null) {
      try {
        return look.at(entry);
      } catch (ClosedChannelException e) {
        Entry moved = entry(namespace, key);
        // in the same log still: it was closed for good, and not because another replaced it
        if (moved != null && moved.log() == entry.log()) {
          throw e;
        }
        entry = moved;
      }
    }
    return null;
  }

  /**
   * Returns at most {@code most} keys with a prefix, in byte order.
   *
   * @param after the last key of the previous page, or null for the first page
   */
  List<Listed> list(Namespace namespace, byte[] prefix, byte @Nullable [] after, int most)
      throws IOException {
    List<Listed> page = new ArrayList<>();
    boolean isAfter = after != null && Arrays.compareUnsigned(after, prefix) >= 0;
    byte[] from = after != null && isAfter ? after : prefix;
    for (byte[] key : index.keys(namespace, from, !isAfter)) {
      if (page.size() == most || !startsWith(key, prefix)) {
        break;
      }
      Entry entry = index.entry(namespace, key, now());
      if (entry != null) {
        Listed listed =
            entry.metadataBytes() == 0
                ? new Listed(key, null, entry.expiration())
                : readMetadata(namespace, key);
        if (listed != null) {
          page.add(listed);
        }
      }
    }
    return page;
  }

  private @Nullable Entry entry(Namespace namespace, byte[] key) {
    return index.entry(namespace, key, now());
  }

  private static Pair pair(Entry entry, int keyBytes) throws IOException {
    byte[] record = entry.log().readRecord(entry.at(), entry.bytes());
    int metadataAt = Records.PUT_HEAD_BYTES + keyBytes;
    int valueAt = metadataAt + entry.metadataBytes();
    return new Pair(
        Arrays.copyOfRange(record, valueAt, record.length),
        entry.metadataBytes() == 0 ? null : Arrays.copyOfRange(record, metadataAt, valueAt),
        entry.expiration());
  }

  private static Listed listed(byte[] key, Entry entry) throws IOException {
    byte[] metadata =
        entry.metadataBytes() == 0
            ? null
            : entry
                .log()
                .read(entry.at() + Records.PUT_HEAD_BYTES + key.length, entry.metadataBytes());
    return new Listed(key, metadata, entry.expiration());
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** Forgets pairs that have expired. */
  void purge() {
    writing.lock();
    try {
      index.purge(now());
    } finally {
      writing.unlock();
    }
  }

  /**
   * Writes that become durable, and visible, together with {@link #commit()} and are taken back by
   * {@link #close()} without it. A crash inside a commit keeps some of them, each whole.
   */
  final class Batch implements Closeable {
    private final long begin;
    private final List<Runnable> effects = new ArrayList<>();
    private boolean committed;

    private Batch() throws IOException {
      writing.lock();
      if (closed) {
        writing.unlock();
        throw new ClosedChannelException();
      }
      begin = log.end();
    }

    void put(Namespace namespace, byte[] key, Pair pair) throws IOException {
      Entry entry = appendPut(log, namespace.number(), key, pair);
      effects.add(() -> index.put(namespace.number(), key, entry));
    }

    void delete(Namespace namespace, byte[] key) throws IOException {
      log.append(Records.delete(namespace.number(), key), Records.NOTHING);
      effects.add(() -> index.delete(namespace.number(), key));
    }

    private void save(Namespace namespace) throws IOException {
      log.append(Records.namespace(namespace), Records.NOTHING);
      effects.add(() -> index.save(namespace));
    }

    private void drop(Namespace namespace) throws IOException {
      log.append(Records.drop(namespace.number()), Records.NOTHING);
      effects.add(() -> index.drop(namespace.number()));
    }

    void commit() throws IOException {
      log.force();
      committed = true;
      effects.forEach(Runnable::run);
      try {
        compactIfWorthIt();
      } catch (IOException e) {
        // what was written is safe in the old log, so this is not the request's failure
        LOG.warn("could not remove garbage from the log: {}", e.toString());
      }
    }

    @Override
    public void close() throws IOException {
      try {
        if (!committed) {
          log.truncate(begin);
        }
      } finally {
        writing.unlock();
      }
    }
  }

  private static Entry appendPut(RecordLog log, int number, byte[] key, Pair pair)
      throws IOException {
    byte[] head = Records.putHead(number, key, pair);
    long at = log.append(head, pair.value());
    int metadataBytes = head.length - Records.PUT_HEAD_BYTES - key.length;
    return new Entry(log, at, head.length + pair.value().length, metadataBytes, pair.expiration());
  }

  private void replay(RecordLog from, long at, ByteBuffer record) {
    int bytes = record.remaining();
    Records.read(
        record,
        new Records.Reader() {
          @Override
          public void put(int number, byte[] key, int metadataBytes, long expiration) {
            var entry = new Entry(from, at, bytes, metadataBytes, expiration);
            if (entry.isGone(now())) {
              index.delete(number, key);
            } else {
              index.put(number, key, entry);
            }
          }

          @Override
          public void delete(int number, byte[] key) {
            index.delete(number, key);
          }

          @Override
          public void namespace(Namespace namespace) {
            index.save(namespace);
          }

          @Override
          public void drop(int number) {
            index.drop(number);
          }
        });
  }

  private void compactIfWorthIt() throws IOException {
    if (log.end() < smallestLogToCompactBytes || index.liveBytes() > log.end() / 2) {
      return;
    }
    purge();
    RecordLog old = log;
    RecordLog compacted = directory.createLog();
    List<Runnable> moves = new ArrayList<>();
    try {
      for (Namespace namespace : index.namespaces()) {
        compacted.append(Records.namespace(namespace), Records.NOTHING);
        for (Map.Entry<byte[], Entry> pair : index.pairs(namespace).entrySet()) {
          byte[] key = pair.getKey();
          Pair copied = pair(pair.getValue(), key.length);
          Entry moved = appendPut(compacted, namespace.number(), key, copied);
          moves.add(() -> index.put(namespace.number(), key, moved));
        }
      }
      compacted.force();
      directory.publish(compacted);
    } catch (IOException e) {
      compacted.close();
      throw e;
    }
    // from here on the new log is the one that a restart opens, so nothing may be written to the
    // old
    log = compacted;
    moves.forEach(Runnable::run);
    directory.removeOutdated(old);
  }

  @Override
  public void close() throws IOException {
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        log.close();
        directory.close();
      }
    } finally {
      writing.unlock();
    }
  }
}
