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
import dev.satchel.publisher.publish.PerKeyPublication;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.publish.Publication;
import dev.satchel.publisher.publish.PublishOutcome;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.publish.PublisherSettings.Layout;
import dev.satchel.publisher.publish.Rollback;
import dev.satchel.publisher.publish.SnapshotPublication;
import dev.satchel.publisher.publish.SnapshotWriter;
import dev.satchel.publisher.run.ChangeListener;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.PublishLoop;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.run.Schedule;
import dev.satchel.publisher.run.StageRecorder;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.time.Alarm;
import dev.satchel.publisher.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database, a KV namespace, and the publication that brings the one into the other. */
public final class Assembly implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

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

  private Assembly(
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
    return new Assembly(
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
            source.read(
                settings.disclosure().before(sink), anyAge ? null : settings.guards().lagCheck()),
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

  /** Publishes once, in turn with other publishers; if one takes too long, the failure names it. */
  public Publication publication() {
    return () -> turns.run(() -> publication.publish().map(outcome -> outcome));
  }

  /** What was published. */
  public History history() {
    return history;
  }

  /**
   * Publishes what an earlier revision said, and holds it; see {@link Rollback#to}.
   *
   * @param beforeOthers completes when other publishers may have their turn
   */
  public Future<PublishOutcome> rollback(
      long revision, String why, Function<PublishOutcome, Future<?>> beforeOthers) {
    return turns.run(
        () ->
            rollback
                .to(revision, why)
                .compose(outcome -> beforeOthers.apply(outcome).map(outcome)));
  }

  /** The same if what is in use is still what whoever asks for it saw. */
  public Future<PublishOutcome> rollback(
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
                            "expected revision %d in use but found %d; look again"
                                .formatted(seenInUse, found));
                      }
                      return rollback.to(revision, why);
                    })
                .compose(outcome -> beforeOthers.apply(outcome).map(outcome)));
  }

  /** Takes a hold away, and gives it; empty if there was none. */
  public Future<Optional<Hold>> resume() {
    return turns.run(rollback::resume);
  }

  /** Completes after a while. */
  public Future<Void> pause(Duration time) {
    return connections.vertx().timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Closed to end after the write in flight. */
  public WriteGate gate() {
    return gate;
  }

  /**
   * A loop that is not started yet. Its runs wait for as long as another publisher of the same key
   * is on schedule.
   *
   * @param stages the progress that this was opened with
   */
  public PublishLoop loop(Schedule schedule, StageRecorder stages, Ledger ledger) {
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

  /** Opens a port on which the ledger's owner is seen from outside, until this is closed. */
  public HttpPort openPort(HttpSettings http, RunSettings run, Ledger ledger)
      throws InterruptedException {
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
                    InstantSource.system())));
    connections.onClose(port::close);
    return port;
  }

  /** Hears of changes until this is closed. */
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
