package dev.satchel.publisher.store;

import dev.satchel.kv.Digests;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.kv.RevisionBound;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.SnapshotPatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot in use and the patches to it, in memory, for readers that ask this process instead
 * of KV: what this process puts there, at once, and what others put there, such as a rollback, when
 * {@link #look} finds it; and while KV cannot be reached, what this process would have put there.
 * Its revision only grows. Holds nothing until it is opened. Safe for any thread.
 */
public final class SnapshotFeed {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFeed.class);

  /** No reader follows more patches, nor more bytes of them than this share of the value. */
  private static final int MOST_PATCHES = 16;

  private static final int MOST_SHARE = 4;

  /** How many digests of earlier values are remembered. */
  private static final int MOST_EARLIER = 64;

  private static final long BETWEEN_LOOKS_MILLIS = 1_000;

  private final Vertx vertx;
  private final PublishedKey key;
  private final Seal seal;
  private final InstantSource clock;
  private final Set<String> earlier = Collections.newSetFromMap(new Earlier());
  private Future<Void> looking = Future.succeededFuture();
  private Future<Void> planned = Future.succeededFuture();
  private long lookedAtNanos;
  private volatile boolean isOpen;
  private volatile boolean isEmpty;
  private volatile boolean mayBeAhead;
  private volatile @Nullable Offer offer;
  private volatile Runnable changed = () -> {};
  private volatile String told = "";

  /** Creates the feed of a key. */
  public SnapshotFeed(Vertx vertx, PublishedKey key, Seal seal, InstantSource clock) {
    this.vertx = vertx;
    this.key = key;
    this.seal = seal;
    this.clock = clock;
  }

  /** Keeps the latest entries. */
  private static final class Earlier extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MOST_EARLIER;
    }
  }

  /**
   * A patch.
   *
   * @param from the revision before
   * @param bytes must not be changed
   */
  public record Patch(long from, Buffer bytes, String sha256) {}

  /**
   * What readers may have.
   *
   * @param value must not be changed
   * @param patches by the revision to which they lead; each but the first is from the one before
   */
  public record Offer(SnapshotMetadata metadata, Buffer value, SortedMap<Long, Patch> patches) {
    public long revision() {
      return metadata.revision();
    }

    /** Returns the patch to a revision; empty if there is none any more. */
    public Optional<Patch> patchTo(long revision) {
      return Optional.ofNullable(patches.get(revision));
    }
  }

  /**
   * Begins to hold snapshots.
   *
   * @param whenChanged called on any thread when there is another offer
   */
  public void open(Runnable whenChanged) {
    changed = whenChanged;
    mayBeAhead = true; // a process before this one may have handed something out
    isOpen = true;
  }

  /** Returns the key under which the snapshot lies. */
  public String key() {
    return key.key();
  }

  /** Returns what there is; empty if nothing is published or KV was not reached yet. */
  public Optional<Offer> offer() {
    return Optional.ofNullable(offer);
  }

  /** Returns whether KV has said that nothing is published. */
  public boolean isEmpty() {
    return isEmpty;
  }

  /** Returns whether a value with this digest was offered before. */
  public synchronized boolean hadBefore(String sha256) {
    return earlier.contains(sha256);
  }

  /**
   * Returns whether readers may have a revision that KV never had. They go to no lower one, so the
   * next publication has to be above it, even if it says what KV shows.
   */
  public boolean mayBeAhead() {
    return mayBeAhead;
  }

  /** Takes what this process has put under the key. */
  public void published(SnapshotMetadata metadata, Buffer value, Optional<byte[]> patch) {
    mayBeAhead = false;
    take(metadata, value, patch);
  }

  /** Takes what this process could not put under the key. */
  public void handOut(SnapshotMetadata metadata, Buffer value, Optional<byte[]> patch) {
    mayBeAhead = true;
    take(metadata, value, patch);
  }

  private void take(SnapshotMetadata metadata, Buffer value, Optional<byte[]> patch) {
    if (isOpen) {
      var patches = new TreeMap<Long, Patch>();
      patch.ifPresent(
          bytes ->
              Optional.ofNullable(metadata.patch())
                  .ifPresent(
                      named ->
                          patches.put(
                              metadata.revision(),
                              new Patch(named.from(), Buffer.buffer(bytes), named.sha256()))));
      take(new Offer(metadata, value, patches));
    }
  }

  /** Looks at what KV shows, and takes it if it is newer; joins a look under way. Never fails. */
  public synchronized Future<Void> look() {
    if (isOpen && looking.isComplete()) {
      lookedAtNanos = System.nanoTime();
      looking = lookNow();
    }
    return looking;
  }

  /**
   * Looks because a reader seems to know of more than this does; begins no sooner than a second
   * after the last look, whatever readers know.
   */
  public synchronized Future<Void> lookForReader() {
    if (planned.isComplete()) {
      long since = (System.nanoTime() - lookedAtNanos) / 1_000_000;
      planned =
          since >= BETWEEN_LOOKS_MILLIS
              ? look()
              : vertx
                  .timer(BETWEEN_LOOKS_MILLIS - since, TimeUnit.MILLISECONDS)
                  .compose(due -> look());
    }
    return planned;
  }

  private Future<Void> lookNow() {
    return key.peek()
        .compose(
            shown -> {
              isEmpty = shown.isEmpty();
              return shown.filter(this::isNews).isEmpty()
                  ? Future.<Void>succeededFuture()
                  : load(shown.get()).onFailure(failure -> tell(shown.get(), failure));
            })
        .otherwiseEmpty();
  }

  private boolean isNews(SnapshotMetadata shown) {
    Offer has = offer;
    var now = clock.instant();
    return RevisionBound.isBelievable(shown.revision(), now)
        && (has == null
            || shown.revision() > has.revision()
            || !RevisionBound.isBelievable(has.revision(), now));
  }

  private Future<Void> load(SnapshotMetadata shown) {
    return key.value()
        .compose(value -> vertx.executeBlocking(() -> checked(shown, value), false))
        .compose(
            value -> {
              var patches = new TreeMap<Long, Patch>();
              return loadPatches(shown.revision(), shown.patch(), value.length(), patches)
                  .map(loaded -> new Offer(shown, value, patches));
            })
        .onSuccess(this::take)
        .mapEmpty();
  }

  /** Readers check all of it; this keeps apart what KV shows together only now and then. */
  private Buffer checked(SnapshotMetadata shown, Optional<Buffer> found) {
    Buffer value = found.orElseThrow(() -> new RefusedException("expected a value but found none"));
    byte[] bytes = value.getBytes();
    String sha256 = Digests.sha256(bytes);
    if (!sha256.equals(shown.sha256())) {
      throw new RefusedException(
          "expected sha256 %s but found %s".formatted(shown.sha256(), sha256));
    }
    seal.check(bytes, "the value under " + key.key());
    long revision = ValueLimits.check(bytes).revision();
    if (revision != shown.revision()) {
      throw new RefusedException(
          "expected revision %d but found %d".formatted(shown.revision(), revision));
    }
    return value;
  }

  /** Loads the patches backwards, as far as readers would follow them and there are any. */
  private Future<Void> loadPatches(
      long to, @Nullable PublishedPatch named, int valueBytes, SortedMap<Long, Patch> into) {
    Offer has = offer;
    if (named == null || into.size() == MOST_PATCHES || (has != null && to <= has.revision())) {
      return Future.succeededFuture();
    }
    return key.patch(to)
        .compose(
            found ->
                found.flatMap(bytes -> patch(to, named, bytes)).isEmpty()
                    ? Future.<Void>succeededFuture()
                    : loadEarlier(to, named, found.get(), valueBytes, into))
        .otherwiseEmpty(); // readers fetch the value instead
  }

  private Future<Void> loadEarlier(
      long to, PublishedPatch named, Buffer bytes, int valueBytes, SortedMap<Long, Patch> into) {
    into.put(to, new Patch(named.from(), bytes, named.sha256()));
    PublishedPatch earlier =
        SnapshotPatch.of(bytes.getBytes())
            .earlier()
            .map(link -> new PublishedPatch(link.from(), link.bytes(), link.sha256()))
            .orElse(null);
    return isTooMuch(into, valueBytes)
        ? Future.succeededFuture()
        : loadPatches(named.from(), earlier, valueBytes, into);
  }

  private static Optional<Buffer> patch(long to, PublishedPatch named, Buffer bytes) {
    byte[] found = bytes.getBytes();
    if (named.from() >= to
        || found.length != named.bytes()
        || !Digests.sha256(found).equals(named.sha256())) {
      return Optional.empty();
    }
    return SnapshotPatch.of(found).to() == to ? Optional.of(bytes) : Optional.empty();
  }

  private void take(Offer next) {
    synchronized (this) {
      if (!isNews(next.metadata())) {
        return; // another one came while this was loaded
      }
      Offer has = offer;
      if (has != null) {
        earlier.add(has.metadata().sha256());
      }
      offer = withEarlierPatches(next);
      isEmpty = false;
    }
    changed.run();
  }

  /** Adds the patches that there are already, if those of the new offer go on from them. */
  private Offer withEarlierPatches(Offer next) {
    Offer has = offer;
    var patches = new TreeMap<>(next.patches());
    if (has == null || patches.isEmpty()) {
      return next;
    }
    long to = patches.firstEntry().getValue().from();
    for (Patch earlier = has.patches().get(to); earlier != null; earlier = has.patches().get(to)) {
      patches.put(to, earlier);
      to = earlier.from();
    }
    while (patches.size() > MOST_PATCHES || isTooMuch(patches, next.value().length())) {
      patches.pollFirstEntry();
    }
    return new Offer(next.metadata(), next.value(), patches);
  }

  private static boolean isTooMuch(SortedMap<Long, Patch> patches, int valueBytes) {
    long bytes = patches.values().stream().mapToLong(patch -> patch.bytes().length()).sum();
    return bytes > valueBytes / MOST_SHARE;
  }

  private void tell(SnapshotMetadata shown, Throwable failure) {
    boolean isOfContent =
        failure instanceof RefusedException || failure instanceof SnapshotFormatException;
    String about = shown.revision() + " " + shown.sha256();
    if (isOfContent && !about.equals(told)) {
      told = about;
      LOG.warn(
          "revision {} under {} is not handed to readers: {}",
          shown.revision(),
          key.key(),
          FailureText.inWords(failure));
    } else {
      LOG.debug("no news for readers: {}", FailureText.inWords(failure));
    }
  }
}
