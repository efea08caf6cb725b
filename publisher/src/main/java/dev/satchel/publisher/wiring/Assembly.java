package dev.satchel.publisher.wiring;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.http.About;
import dev.satchel.publisher.http.HttpPort;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.http.Subject;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.lock.WriterLock;
import dev.satchel.publisher.lock.WriterTurns;
import dev.satchel.publisher.publish.Packer;
import dev.satchel.publisher.publish.PairsBehindException;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.publish.Publication;
import dev.satchel.publisher.publish.PublishOutcome;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.publish.Publishing;
import dev.satchel.publisher.publish.Rollback;
import dev.satchel.publisher.run.ChangeListener;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.PublishLoop;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.run.Schedule;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.store.SnapshotFeed;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.time.Time;
import dev.satchel.snapshot.NativeLibrary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database, a KV namespace, and the publication that takes users from one to the other. */
public final class Assembly implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  /** 30 of the account's 1,200 requests in five minutes. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

  private final Connections connections;
  private final DatabaseSettings database;
  private final CloudflareKv kv;
  private final PublisherSettings settings;
  private final Time time;
  private final WriteGate gate;
  private final WriterLock onSchedule;
  private final WriterTurns turns;
  private final Publishing publishing;

  private Assembly(
      Connections connections,
      DatabaseSettings database,
      CloudflareKv kv,
      String namespace,
      PublisherSettings settings,
      Progress progress) {
    var vertx = connections.vertx();
    time = Time.of(vertx);
    var lock = new WriterLock(vertx, database, namespace, settings.target());
    connections.onClose(lock::close);
    this.connections = connections;
    this.database = database;
    this.kv = kv;
    this.settings = settings;
    gate = new WriteGate(lock::confirm);
    turns = new WriterTurns(time, lock, gate, settings.lockWait());
    onSchedule = new WriterLock(vertx, database, namespace, settings.target() + " on schedule");
    connections.onClose(onSchedule::close);
    var world =
        new Publishing.World(
            vertx, kv, kv, source(vertx, database, settings), time, lock::databaseTime, progress);
    publishing = new Publishing(world, settings, gate);
  }

  private static Packer.Source source(
      Vertx vertx, DatabaseSettings database, PublisherSettings settings) {
    var source =
        new PostgresSource(
            vertx, database, settings.query(), settings.stallTimeout(), settings.rowSecurity());
    return (sink, anyAge) ->
        source.read(
            settings.guards().before(settings.disclosure().before(sink)),
            anyAge ? null : settings.guards().lagCheck());
  }

  /**
   * Opens what the variables name.
   *
   * @throws SettingsException with all that is wrong with them, before anything was opened
   */
  public static Assembly open(Map<String, String> env, Progress progress)
      throws InterruptedException {
    return open(env, false, progress, List.of());
  }

  /**
   * Opens what the variables name, if nothing was wrong so far.
   *
   * @param acceptChange whether the first run may publish what the guards would refuse
   * @param found what is wrong with other settings
   * @throws SettingsException with all that is wrong, before anything was opened
   */
  public static Assembly open(
      Map<String, String> env, boolean acceptChange, Progress progress, List<String> found)
      throws InterruptedException {
    List<String> problems = new ArrayList<>(found);
    var settings = PublisherSettings.fromEnv(env, acceptChange, problems);
    var endpoints = Endpoints.fromEnv(env, Endpoints.Need.BOTH, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    NativeLibrary.load(); // before anything is read, rather than after all of it
    var connections = new Connections();
    try {
      Path directory = Endpoints.directory(env);
      if (endpoints.areEmbedded()) {
        LOG.info("embedded mode: neither a database nor Cloudflare is configured");
      }
      DatabaseSettings database = connections.database(endpoints);
      CloudflareKv kv = connections.kv(endpoints, directory);
      LOG.info("from {} to {}: {}", database, endpoints.kvInWords(directory), settings.inWords());
      return of(connections, database, kv, endpoints.namespace(), settings, progress);
    } catch (RuntimeException | InterruptedException e) {
      connections.close();
      throw e;
    }
  }

  /** Publishes from a database to a namespace that are open, which it leaves to the connections. */
  public static Assembly of(
      Connections connections,
      DatabaseSettings database,
      CloudflareKv kv,
      String namespace,
      PublisherSettings settings,
      Progress progress) {
    return new Assembly(connections, database, kv, namespace, settings, progress);
  }

  /** Publishes once, in turn with other publishers; if one takes too long, the failure names it. */
  public Publication publication() {
    return () -> turns.run(() -> publishing.publication().publish().map(outcome -> outcome));
  }

  /** Returns what was published. */
  public History history() {
    return publishing.history();
  }

  /**
   * Publishes what an earlier revision said, and holds it; see {@link Rollback#to}.
   *
   * @param beforeOthers completes when other publishers may have their turn
   */
  public Future<PublishOutcome> rollback(
      long revision, String why, Function<PublishOutcome, Future<?>> beforeOthers) {
    return turns.run(() -> beforeOthers(publishing.rollback().to(revision, why), beforeOthers));
  }

  /** Also if only the pairs are left: the snapshot is held. */
  private static Future<PublishOutcome> beforeOthers(
      Future<PublishOutcome> rollback, Function<PublishOutcome, Future<?>> then) {
    return rollback.compose(
        outcome -> then.apply(outcome).map(outcome),
        failure ->
            failure instanceof PairsBehindException behind && behind.outcome().isPresent()
                ? then.apply(behind.outcome().get()).compose(done -> Future.failedFuture(failure))
                : Future.failedFuture(failure));
  }

  /** Rolls back if the snapshot in use is still the one that the caller saw. */
  public Future<PublishOutcome> rollback(
      long revision, String why, long seenInUse, Function<PublishOutcome, Future<?>> beforeOthers) {
    return turns.run(
        () ->
            publishing
                .history()
                .inUse()
                .compose(
                    inUse -> {
                      long found = inUse.map(SnapshotMetadata::revision).orElse(0L);
                      if (found != seenInUse) {
                        throw new RefusedException(
                            "expected revision %d in use but found %d; look again"
                                .formatted(seenInUse, found));
                      }
                      return beforeOthers(publishing.rollback().to(revision, why), beforeOthers);
                    }));
  }

  /** Takes a hold away, and gives it; empty if there was none. */
  public Future<Optional<Hold>> resume() {
    return turns.run(publishing.rollback()::resume);
  }

  /** Returns a future that completes after this time. */
  public Future<Void> pause(Duration length) {
    return time.pause(length);
  }

  /** Returns the gate that is closed to end after the write in flight. */
  public WriteGate gate() {
    return gate;
  }

  /**
   * Returns a loop that is not started yet. Its runs wait for as long as another publisher of the
   * same key is on schedule.
   *
   * @param ledger the one whose stages follow the progress
   */
  public PublishLoop loop(Schedule schedule, Ledger ledger) {
    return new PublishLoop(
        connections.vertx().getOrCreateContext(),
        new PublishLoop.Writer(
            () -> onSchedule.takeInTurn(gate, ledger::waits), publication(), gate),
        schedule,
        time,
        ledger);
  }

  /**
   * Opens the port for health, metrics, pages, and snapshots if the settings say so. Closing this
   * closes the port.
   */
  public HttpPort openPort(HttpSettings http, RunSettings run, Ledger ledger)
      throws InterruptedException {
    if (http.snapshotsToken() != null && settings.layout() == PublisherSettings.Layout.PER_KEY) {
      throw new SettingsException(
          List.of(
              "%s: expected a layout with a snapshot but found %s=per-key"
                  .formatted(HttpSettings.SNAPSHOTS_TOKEN, PublisherSettings.LAYOUT)));
    }
    SnapshotFeed feed = publishing.feed();
    HttpPort port =
        Blocking.await(
            HttpPort.open(
                connections.vertx(),
                http,
                new Subject(
                    new About(settings.target(), database.toString(), run.schedule().inWords()),
                    ledger,
                    new OperatorService(this, kv, settings.readBack()),
                    run::redAt,
                    settings.maxValueBytes(),
                    feed,
                    time)));
    connections.onClose(port::close);
    if (http.snapshotsToken() != null) {
      follow(feed, ledger);
    }
    return port;
  }

  /** Looks for what others publish, after runs and in between, for as long as the port is open. */
  private void follow(SnapshotFeed feed, Ledger ledger) {
    var vertx = connections.vertx();
    var unused = feed.look();
    ledger.follow(
        run -> {
          if (run.outcome() != Run.Outcome.PUBLISHED) {
            var unusedToo = feed.look();
          }
        });
    long timer = vertx.setPeriodic(BETWEEN_LOOKS.toMillis(), due -> feed.look());
    connections.onClose(
        () -> {
          vertx.cancelTimer(timer);
          return Future.succeededFuture();
        });
  }

  /** Listens for changes until this is closed. */
  public void listen(String channel, Runnable changed) {
    var listener = new ChangeListener(connections.vertx(), database, channel, changed);
    connections.onClose(listener::close);
    listener.start();
  }

  @Override
  public void close() {
    connections.close();
  }
}
