package dev.satchel.sdk;

import dev.satchel.sdk.source.FileSource;
import dev.satchel.sdk.source.HttpSource;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.snapshot.NativeLibrary;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.UserChange;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every user's configuration in this process. Open one client and ask it from any thread; it
 * refreshes itself. An application may have several clients, each for its own key.
 *
 * <p>Lookups answer from memory. Whatever happens to the source, they answer from the last good
 * snapshot, or with the caller's default before there is one; {@link #status} says which.
 */
public final class ConfigClient implements Lookups, AutoCloseable {
  /**
   * A listener may never return, and one that waits for the client to close cannot return before
   * that.
   */
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  private final FieldNames names = new FieldNames();
  private final CurrentView current = new CurrentView();
  private final RefreshLoop loop;
  private final SnapshotSource source;
  private final ExpectedFields expected;
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile SnapshotSource.Watch watch = () -> {};

  private ConfigClient(SnapshotSource source, ConfigClientOptions options) {
    NativeLibrary.loadAhead(); // while the client is made and the source is asked
    this.source = source;
    this.expected = options.expectedFields();
    expected.use(names);
    this.loop = new RefreshLoop(source, options, names, current);
  }

  /**
   * Opens a client of the source that the environment describes, and waits until it is open: see
   * {@link #open(SnapshotSource, ConfigClientOptions)}, {@link ConfigClientOptions#fromEnv} and
   * {@link #sourceFromEnv}.
   *
   * @throws IllegalArgumentException if variables are missing or malformed; the message names them
   * @throws IllegalStateException if there is no snapshot and the options say to fail, if zstd's
   *     native library cannot be loaded, or if the calling thread must not wait
   */
  public static ConfigClient openBlocking(Map<String, String> env) {
    var options = ConfigClientOptions.fromEnv(env);
    return openBlocking(sourceFromEnv(env, options), options);
  }

  /**
   * Opens a client of this source, and waits until it is open. The client closes the source.
   *
   * @throws IllegalStateException if there is no snapshot and the options say to fail, if zstd's
   *     native library cannot be loaded, or if the calling thread must not wait
   */
  public static ConfigClient openBlocking(SnapshotSource source, ConfigClientOptions options) {
    WaitingThreads.check("openBlocking", "open");
    var client = new ConfigClient(source, options);
    try {
      client.start().get();
      return client;
    } catch (ExecutionException e) {
      client.close();
      throw new IllegalStateException(Failures.inWords(Failures.cause(e)), e.getCause());
    } catch (InterruptedException e) {
      client.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while opening", e);
    }
  }

  /**
   * Does the same as {@link #openBlocking(Map)}, without waiting.
   *
   * @throws IllegalArgumentException if variables are missing or malformed; the message names them
   */
  public static CompletionStage<ConfigClient> open(Map<String, String> env) {
    var options = ConfigClientOptions.fromEnv(env);
    return open(sourceFromEnv(env, options), options);
  }

  /**
   * Opens a client of this source. The first snapshot comes from the source if it answers; else
   * from the copy on disk; else from the bundle, if the options name them and they are sound. If
   * there is none of these, an unreachable source is asked again for up to {@link
   * ConfigClientOptions#startTimeout}, and then {@link ConfigClientOptions#whenNothing} decides.
   * The client goes on asking the source in any case.
   *
   * <p>Does not wait. The stage completes on a thread of the JDK's common pool, or fails with
   * {@link IllegalStateException}. The client closes the source.
   */
  public static CompletionStage<ConfigClient> open(
      SnapshotSource source, ConfigClientOptions options) {
    var client = new ConfigClient(source, options);
    return client
        .start()
        .handle(
            (done, failure) -> {
              if (failure == null) {
                return client;
              }
              client.closeAsync();
              throw failure instanceof IllegalStateException told
                  ? told
                  : new IllegalStateException(Failures.inWords(failure), failure);
            });
  }

  /**
   * Returns the source that the environment describes; {@code SATCHEL_SOURCE} names its kind.
   *
   * <table>
   * <caption>What SATCHEL_SOURCE may be</caption>
   * <tr><td>unset, or {@code kv}<td>Workers KV, with the publisher's variables
   *     {@code CLOUDFLARE_…} and the key of the options
   * <tr><td>{@code https://…}<td>{@link HttpSource}
   * <tr><td>{@code file:…}, or a path with a slash in it<td>{@link FileSource}: a file, or a folder
   * </table>
   *
   * @throws IllegalArgumentException if variables are missing or malformed; the message names them
   */
  public static SnapshotSource sourceFromEnv(Map<String, String> env, ConfigClientOptions options) {
    return EnvSource.of(env, options);
  }

  private CompletableFuture<Void> start() {
    watch = source.whenChanged(loop::sourceChanged);
    return loop.start();
  }

  @Override
  public ConfigView view() {
    return current.get();
  }

  /**
   * Returns what the client serves now, and how far to trust it. Reads the clock: a client becomes
   * stale and expires as time passes, whatever its source and its timers do.
   */
  public ClientStatus status() {
    return loop.status();
  }

  /**
   * Returns whether the source tells of changes as they come now. If not, the next poll finds them.
   */
  public boolean isToldOfChanges() {
    return watch.isTelling();
  }

  /**
   * Refreshes now, or joins the attempt under way; the next poll is an interval later. Makes no
   * attempt while the source has asked clients to wait or the request budget is used up. The stage
   * completes with the status afterwards, even if the attempt failed, and fails only if the client
   * is closed. It completes on a thread of the JDK's common pool.
   */
  public CompletionStage<ClientStatus> refreshNow() {
    return loop.refresh().minimalCompletionStage();
  }

  /**
   * Does the same as {@link #refreshNow}, and waits for the attempt to end.
   *
   * @throws IllegalStateException if the client is closed, or if the calling thread must not wait
   */
  public ClientStatus refreshBlocking() {
    WaitingThreads.check("refreshBlocking", "refreshNow");
    try {
      return loop.refresh().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(Failures.inWords(Failures.cause(e)), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while refreshing", e);
    }
  }

  /**
   * Calls the listener after each swap with what has changed since its last call, or since now. The
   * first snapshot after none adds all users. Listeners are called on one thread of this client, in
   * order, whatever the others throw. A slow listener delays the others and gets several revisions
   * as one change, but delays no refresh. A diff holds two snapshots in memory: do not keep it.
   */
  public Registration onChange(Consumer<SnapshotDiff> listener) {
    return loop.listeners().onChange(listener);
  }

  /**
   * Does the same as {@link #onChange}, but only for changes of one user.
   *
   * @param userId the text of the id, whatever its type
   */
  public Registration onUserChange(String userId, Consumer<UserChange> listener) {
    return loop.listeners().onUserChange(userId, listener);
  }

  /**
   * Does the same as {@link #onChange}, but only if some user's value of this field has changed.
   */
  public Registration onFieldChange(String field, Consumer<SnapshotDiff> listener) {
    return loop.listeners().onFieldChange(field, listener);
  }

  /**
   * Calls the listener after each change of the client's state, in the way {@link #onChange}
   * describes.
   */
  public Registration onStatus(Consumer<ClientStatus> listener) {
    return loop.listeners().onStatus(listener);
  }

  /** Calls the listener after each attempt to refresh, in the way {@link #onChange} describes. */
  public Registration onRefresh(Consumer<RefreshReport> listener) {
    return loop.listeners().onRefresh(listener);
  }

  /** Returns a handle on a boolean field, which need not exist yet. Make it once and keep it. */
  public BooleanField booleanField(String name) {
    return new BooleanField(current, name, numberOf(name, FieldType.BOOLEAN));
  }

  /** Returns a handle on an integer field, which need not exist yet. Make it once and keep it. */
  public LongField longField(String name) {
    return new LongField(current, name, numberOf(name, FieldType.LONG));
  }

  /** Returns a handle on a field of numbers, which need not exist yet. Make it once and keep it. */
  public DoubleField doubleField(String name) {
    return new DoubleField(current, name, numberOf(name, FieldType.DOUBLE));
  }

  /** Returns a handle on a text field, which need not exist yet. Make it once and keep it. */
  public StringField stringField(String name) {
    return new StringField(current, name, numberOf(name, FieldType.STRING));
  }

  /**
   * Returns a handle on a field of lists of texts, which need not exist yet. Make it once and keep
   * it.
   */
  public StringListField stringListField(String name) {
    return new StringListField(current, name, numberOf(name, FieldType.STRING_LIST));
  }

  /**
   * Returns a handle on a field of any values, which need not exist yet. Make it once and keep it.
   */
  public JsonField jsonField(String name) {
    return new JsonField(current, name, numberOf(name, FieldType.JSON));
  }

  /** Returns the number of a field, which its handles share. */
  private int numberOf(String name, FieldType type) {
    expected.check(name, type);
    int number = names.numberOf(name, type.bit());
    // opens the field here, if there is a view already, so that no lookup has to
    view().open(name, type);
    return number;
  }

  /**
   * Stops polling and frees what the client owns, including its source. Lookups go on answering
   * from the last view. Waits at most five seconds for the client's threads and for a listener that
   * is being called; no listener is called afterwards. Idempotent. Any thread may call this; a
   * listener that closes its own client does not wait for itself.
   */
  @Override
  public void close() {
    if (isClosing.compareAndSet(false, true)) {
      finishClosing(stopTelling(), ClientListeners.isListenersThread(Thread.currentThread()));
    } else if (!ClientListeners.isListenersThread(Thread.currentThread())) {
      awaitClosed();
    }
  }

  /** Waits for another thread that is closing the client. */
  private void awaitClosed() {
    try {
      closed.get(LONGEST_CLOSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("{}: another thread has not finished closing the client", source);
    }
  }

  /**
   * Does the same as {@link #close}, without waiting; the stage completes when the client is
   * closed.
   */
  public CompletionStage<Void> closeAsync() {
    if (isClosing.compareAndSet(false, true)) {
      CompletableFuture<Void> quiet = stopTelling();
      var closer = new Thread(() -> finishClosing(quiet, false), "satchel-close");
      closer.setDaemon(true);
      closer.start();
    }
    return closed.minimalCompletionStage();
  }

  /** Returns a stage that completes when the client is closed. */
  public CompletionStage<Void> closed() {
    return closed.minimalCompletionStage();
  }

  /** Stops the loop and calls no listener from now on, though one may still be running. */
  private CompletableFuture<Void> stopTelling() {
    loop.close();
    return loop.listeners().close();
  }

  private void closeSource() {
    try {
      source.close();
    } catch (RuntimeException e) {
      LOG.warn("{}: could not close the source: {}", source, Failures.inWords(e));
    }
  }

  private void finishClosing(CompletableFuture<Void> quiet, boolean isListener) {
    long until = System.nanoTime() + LONGEST_CLOSE.toNanos();
    try {
      watch.close();
      loop.awaitEnd(until);
      if (!isListener) {
        quiet.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("{}: closed while a listener is still being called", source);
    } finally {
      closeSource();
      closed.complete(null);
    }
  }
}
