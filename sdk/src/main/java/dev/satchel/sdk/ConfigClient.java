package dev.satchel.sdk;

import dev.satchel.kv.KvReader;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.UserChange;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every user's configuration in this process: opened once, refreshed by itself, asked from any
 * thread. An application may hold several, each under its own key.
 *
 * <p>Lookups answer from memory. Whatever happens to the source, they answer from the last good
 * snapshot, or with the caller's default before the first; {@link #status} says which.
 */
public final class ConfigClient implements Lookups {
  /** A listener may never return, and one that waits for the client to close cannot before. */
  private static final int MOST_LISTENER_SECONDS = 5;

  private final FieldNames names = new FieldNames();
  private final CurrentView current = new CurrentView();
  private final RefreshLoop loop;
  private final SnapshotSource source;
  private final Supplier<Future<Void>> afterClose;
  private volatile Registration atSource = () -> {};
  private @Nullable Future<Void> closing; // guarded by this

  private ConfigClient(
      Vertx vertx,
      SnapshotSource source,
      ConfigClientOptions options,
      Supplier<Future<Void>> afterClose) {
    this.source = source;
    this.afterClose = afterClose;
    this.loop = new RefreshLoop(vertx, source, options, names, current);
  }

  /**
   * Opens the snapshot under the options' key: from the source, if it answers within {@link
   * ConfigClientOptions#startTimeout}; else the copy on disk, else the one that was bundled, if the
   * options name them and they are sound; else as {@link ConfigClientOptions#whenNothing} says.
   * Attempts at the source go on in any case. Completes on the caller's Vert.x context. Closing the
   * client leaves {@code vertx} and {@code kv} open.
   */
  public static Future<ConfigClient> open(Vertx vertx, KvReader kv, ConfigClientOptions options) {
    return open(vertx, SnapshotSource.of(kv, options.keyToRead()), options);
  }

  /** As {@link #open(Vertx, KvReader, ConfigClientOptions)}, from a source of any kind. */
  public static Future<ConfigClient> open(
      Vertx vertx, SnapshotSource source, ConfigClientOptions options) {
    return open(vertx, source, options, Future::succeededFuture);
  }

  /**
   * Opens what the environment describes: {@code CLOUDFLARE_…} as the publisher has them, and the
   * variables of {@link ConfigClientOptions#fromEnv}. Closing the client leaves {@code vertx} open.
   *
   * @throws IllegalArgumentException that names the variables, if any are missing or malformed
   */
  public static Future<ConfigClient> fromEnv(Vertx vertx, Map<String, String> env) {
    var options = ConfigClientOptions.fromEnv(env);
    return open(vertx, KvSource.fromEnv(vertx, env, options.keyToRead()), options);
  }

  /**
   * As {@link #fromEnv}, with a Vert.x instance of its own, for applications without one; waits
   * until it is open. Closing the client closes both. Not for event loop threads.
   *
   * @throws IllegalArgumentException that names the variables, if any are missing or malformed
   */
  public static ConfigClient openBlocking(Map<String, String> env) {
    var options = ConfigClientOptions.fromEnv(env);
    return openBlocking(vertx -> KvSource.fromEnv(vertx, env, options.keyToRead()), options);
  }

  /**
   * Opens a client with a Vert.x instance of its own, for applications without one; waits until it
   * is open. Closing the client closes both. Not for event loop threads.
   *
   * @param source makes the source; it may use the given Vert.x
   * @throws IllegalStateException if there is no snapshot and the options say to fail
   */
  public static ConfigClient openBlocking(
      Function<Vertx, SnapshotSource> source, ConfigClientOptions options) {
    // daemon threads: a forgotten client must not keep its application from ending
    Vertx vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    try {
      return open(vertx, source.apply(vertx), options, vertx::close)
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } catch (ExecutionException e) {
      vertx.close();
      throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      vertx.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while opening", e);
    } catch (RuntimeException e) {
      vertx.close();
      throw e;
    }
  }

  private static Future<ConfigClient> open(
      Vertx vertx,
      SnapshotSource source,
      ConfigClientOptions options,
      Supplier<Future<Void>> afterClose) {
    var client = new ConfigClient(vertx, source, options, afterClose);
    return client.start(options).map(client).onFailure(failure -> client.close());
  }

  private Future<Void> start(ConfigClientOptions options) {
    atSource = source.whenChanged(loop::sourceChanged);
    Future<Void> settled =
        loop.refresh()
            .timeout(options.startTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .transform(attempt -> loop.fallBack());
    return switch (options.whenNothing()) {
      case CONTINUE -> settled;
      case WAIT -> settled.compose(done -> loop.firstView());
      case FAIL ->
          settled.compose(
              done -> {
                ClientStatus status = status();
                return status.state() == ClientStatus.State.EMPTY
                    ? Future.failedFuture(
                        new IllegalStateException(
                            "expected a snapshot at start but " + reason(status, options)))
                    : Future.succeededFuture();
              });
    };
  }

  private static String reason(ClientStatus status, ConfigClientOptions options) {
    String failure = status.lastFailure();
    return failure == null ? "none came within " + options.startTimeout() : failure;
  }

  @Override
  public ConfigView view() {
    return current.get();
  }

  /**
   * What is served now, and how far it can be trusted. Costs a look at the clock: a client becomes
   * stale and expires by itself, whatever its source and its timers do.
   */
  public ClientStatus status() {
    return loop.status();
  }

  /**
   * Makes an attempt to refresh now, or joins the one under way; the next poll is an interval
   * later. While the source asks to be left alone, or the request budget is used up, no attempt is
   * made. Completes with the status afterwards, also when the attempt failed; fails only if the
   * client is closed.
   */
  public Future<ClientStatus> refreshNow() {
    return loop.refresh();
  }

  /**
   * Calls the listener after each swap with what is different from what it was told before, or from
   * now. The first snapshot after none adds all users. Listeners are called on one thread of this
   * client, in order, each whatever the others throw; one that is slow delays the others, and gets
   * several revisions as one change, but delays no refresh. A diff holds two snapshots in memory:
   * do not keep it.
   */
  public Registration onChange(Consumer<SnapshotDiff> listener) {
    return loop.listeners().onChange(listener);
  }

  /**
   * As {@link #onChange}, only for changes of one user.
   *
   * @param userId the text of the id, whatever its type
   */
  public Registration onUserChange(String userId, Consumer<UserChange> listener) {
    return loop.listeners().onUserChange(userId, listener);
  }

  /** As {@link #onChange}, only if some user's value in this field differs. */
  public Registration onFieldChange(String field, Consumer<SnapshotDiff> listener) {
    return loop.listeners().onFieldChange(field, listener);
  }

  /** Calls the listener, as {@link #onChange} says, after the client has come to another state. */
  public Registration onStatus(Consumer<ClientStatus> listener) {
    return loop.listeners().onStatus(listener);
  }

  /** Calls the listener, as {@link #onChange} says, after each attempt to refresh. */
  public Registration onRefresh(Consumer<RefreshReport> listener) {
    return loop.listeners().onRefresh(listener);
  }

  /** A handle on a boolean field, which need not exist yet. Make it once and keep it. */
  public BooleanField booleanField(String name) {
    return new BooleanField(current, name, numberOf(name));
  }

  /** A handle on an integer field, which need not exist yet. Make it once and keep it. */
  public LongField longField(String name) {
    return new LongField(current, name, numberOf(name));
  }

  /** A handle on a field of numbers, which need not exist yet. Make it once and keep it. */
  public DoubleField doubleField(String name) {
    return new DoubleField(current, name, numberOf(name));
  }

  /** A handle on a text field, which need not exist yet. Make it once and keep it. */
  public StringField stringField(String name) {
    return new StringField(current, name, numberOf(name));
  }

  /** A handle on a field of lists of texts, which need not exist yet. Make it once and keep it. */
  public StringListField stringListField(String name) {
    return new StringListField(current, name, numberOf(name));
  }

  /** A handle on a field of any values, which need not exist yet. Make it once and keep it. */
  public JsonField jsonField(String name) {
    return new JsonField(current, name, numberOf(name));
  }

  /** The number of the handles on a field. */
  private int numberOf(String name) {
    int number = names.numberOf(name);
    // opens it here, if there is a view already, so that no lookup has to
    view().field(name);
    return number;
  }

  /**
   * Stops polling and frees what the client owns. Lookups go on answering from the last view. No
   * listener is called once the future has completed; for one that is being called it waits, at
   * most five seconds. Idempotent; from any thread.
   */
  public synchronized Future<Void> close() {
    Future<Void> already = closing;
    if (already == null) {
      Future<Void> quiet = loop.close().timeout(MOST_LISTENER_SECONDS, TimeUnit.SECONDS);
      atSource.close();
      // a promise of no context: one of a context that ends with its Vert.x would never complete
      Promise<Void> closed = Promise.promise();
      source
          .close()
          .onComplete(any -> quiet.onComplete(told -> afterClose.get().onComplete(closed)));
      already = closed.future();
      closing = already;
    }
    return already;
  }
}
