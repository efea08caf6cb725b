package dev.satchel.publisher;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.PublisherSettings.Layout;
import dev.satchel.publisher.http.About;
import dev.satchel.publisher.http.HttpPort;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.http.Ledger;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.source.ReadProgress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database, a KV namespace, and the publication that carries the users from one to the other. */
final class Publisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Connections connections;
  private final DatabaseSettings database;
  private final Publication publication;
  private final CloudflareKv kv;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final WriterLock onSchedule;
  private final WriterTurns turns;
  private final History history;
  private final Rollback rollback;

  private Publisher(
      Connections connections,
      DatabaseSettings database,
      Publication publication,
      CloudflareKv kv,
      PublisherSettings settings,
      WriteGate gate,
      WriterLock onSchedule,
      WriterTurns turns,
      History history,
      Rollback rollback) {
    this.connections = connections;
    this.database = database;
    this.publication = publication;
    this.kv = kv;
    this.settings = settings;
    this.gate = gate;
    this.onSchedule = onSchedule;
    this.turns = turns;
    this.history = history;
    this.rollback = rollback;
  }

  /**
   * Opens what the variables name.
   *
   * @throws SettingsException with all that is wrong with them, before anything was opened
   */
  static Publisher open(Invocation invocation, Progress progress) throws InterruptedException {
    return open(invocation, progress, List.of());
  }

  /**
   * Opens what the variables name, unless problems were found before.
   *
   * @param found receives any further problems
   */
  static Publisher open(Invocation invocation, Progress progress, List<String> found)
      throws InterruptedException {
    List<String> problems = new ArrayList<>(found);
    var settings = PublisherSettings.fromEnv(invocation.env(), problems);
    var places = Places.fromEnv(invocation.env(), Places.Need.BOTH, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    var connections = new Connections();
    try {
      Path directory = Variables.directory(invocation.env());
      if (places.areEmbedded()) {
        log.info("embedded mode: neither a database nor Cloudflare is configured");
      }
      DatabaseSettings database = connections.database(places);
      CloudflareKv kv = connections.kv(places, directory);
      log.info("from {} to {}: {}", database, places.kvInWords(directory), settings.inWords());
      return of(connections, database, kv, places.namespace(), settings, progress);
    } catch (RuntimeException | InterruptedException e) {
      connections.close();
      throw e;
    }
  }

  /** Publishes from a database to a namespace that are already open; the connections close them. */
  static Publisher of(
      Connections connections,
      DatabaseSettings database,
      CloudflareKv kv,
      String namespace,
      PublisherSettings settings,
      Progress progress) {
    var lock = new WriterLock(connections.vertx(), database, namespace, settings.target());
    connections.onClose(lock::close);
    var onSchedule =
        new WriterLock(
            connections.vertx(), database, namespace, settings.target() + " on schedule");
    connections.onClose(onSchedule::close);
    var gate = new WriteGate(lock::confirm);
    var vertx = connections.vertx();
    var time = Time.of(vertx);
    var key = new PublishedKey(kv, settings.key());
    var history = new History(vertx, key, settings.seal());
    var packer = packer(vertx, database, settings, gate, progress);
    var writer = new SnapshotWriter(key, kv, settings, gate, packer, time);
    return new Publisher(
        connections,
        database,
        publication(
            packer, key, history, writer, kv, settings, gate, time, lock::databaseTime, progress),
        kv,
        settings,
        gate,
        onSchedule,
        new WriterTurns(time, lock, gate, settings.lockWait()),
        history,
        new Rollback(
            vertx, key, history, writer, settings.seal(), gate, lock::databaseTime, progress));
  }

  static Publication publication(
      Vertx vertx,
      DatabaseSettings database,
      CloudflareKv kv,
      PublisherSettings settings,
      WriteGate gate,
      Progress progress) {
    var time = Time.of(vertx);
    var key = new PublishedKey(kv, settings.key());
    var packer = packer(vertx, database, settings, gate, progress);
    return publication(
        packer,
        key,
        new History(vertx, key, settings.seal()),
        new SnapshotWriter(key, kv, settings, gate, packer, time),
        kv,
        settings,
        gate,
        time,
        time,
        progress);
  }

  private static Packer packer(
      Vertx vertx,
      DatabaseSettings database,
      PublisherSettings settings,
      WriteGate gate,
      Progress progress) {
    var source = new PostgresSource(vertx, database, settings.query(), settings.stallTimeout());
    return new Packer(
        vertx,
        (sink, anyAge) ->
            source
                .read(
                    settings.disclosure().before(sink),
                    ReadProgress.NONE,
                    anyAge ? null : settings.guards().lagCheck())
                .mapEmpty(),
        settings.seal(),
        gate,
        progress);
  }

  private static Publication publication(
      Packer packer,
      PublishedKey key,
      History history,
      SnapshotWriter writer,
      CloudflareKv kv,
      PublisherSettings settings,
      WriteGate gate,
      Time time,
      InstantSource clock,
      Progress progress) {
    return settings.layout() == Layout.PER_KEY
        ? new PerKeyPublication(packer, kv, settings, gate, time, progress)
        : new SnapshotPublication(packer, key, history, writer, settings, clock, progress);
  }

  /**
   * Publishes once, in turn with other publishers. If another takes too long, the failure names it.
   */
  Publication publication() {
    return () -> turns.run(() -> publication.publish().map(report -> report));
  }

  /** Returns the history of what was published. */
  History history() {
    return history;
  }

  /**
   * Publishes the content of an earlier revision and holds it; see {@link Rollback#to}.
   *
   * @param beforeOthers completes when other publishers may have their turn
   */
  Future<PublishOutcome> rollback(
      long revision, String why, Function<PublishOutcome, Future<?>> beforeOthers) {
    return turns.run(
        () ->
            rollback
                .to(revision, why)
                .compose(outcome -> beforeOthers.apply(outcome).map(outcome)));
  }

  /** Does the same, provided that the revision in use is still the one that the caller saw. */
  Future<PublishOutcome> rollback(
      long revision, String why, long seenInUse, Function<PublishOutcome, Future<?>> beforeOthers) {
    return turns.run(
        () ->
            history
                .inUse()
                .compose(
                    inUse -> {
                      long found = inUse.map(SnapshotMetadata::revision).orElse(0L);
                      if (found != seenInUse) {
                        throw new RefusedException(
                            "expected revision %d in use but found %d; nothing was written; check again before retrying"
                                .formatted(seenInUse, found));
                      }
                      return rollback.to(revision, why);
                    })
                .compose(outcome -> beforeOthers.apply(outcome).map(outcome)));
  }

  /** Withdraws a hold and returns it; empty if there was none. */
  Future<Optional<Hold>> resume() {
    return turns.run(rollback::resume);
  }

  /** Completes after the given time. */
  Future<Void> pause(Duration time) {
    return connections.vertx().timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Returns the gate, which is closed to stop after the write in flight. */
  WriteGate gate() {
    return gate;
  }

  /**
   * Creates a loop that is not started yet. Its runs wait for as long as another publisher of the
   * same key is on schedule.
   *
   * @param stages the progress that this was opened with
   */
  PublishLoop loop(Schedule schedule, StageRecorder stages, Ledger ledger) {
    return new PublishLoop(
        connections.vertx().getOrCreateContext(),
        () -> onSchedule.takeInTurn(gate, ledger::waits),
        publication(),
        gate,
        schedule,
        Alarm.of(connections.vertx()),
        stages,
        ledger);
  }

  /** Opens the port for health, metrics and the operator's page; it is closed with this. */
  HttpPort openPort(HttpSettings http, RunSettings run, Ledger ledger) throws InterruptedException {
    HttpPort port =
        Invocation.await(
            HttpPort.open(
                connections.vertx(),
                http,
                new About(settings.target(), database.toString(), run.schedule().inWords()),
                ledger,
                new OperatorService(this, kv, settings.readBack()),
                run::redAt,
                settings.maxValueBytes(),
                InstantSource.system()));
    connections.onClose(port::close);
    return port;
  }

  /** Listens for changes until this is closed. */
  void listen(String channel, Runnable changed) {
    var listener = new ChangeListener(connections.vertx(), database, channel, changed);
    connections.onClose(listener::close);
    listener.start();
  }

  @Override
  public void close() {
    connections.close();
  }
}
