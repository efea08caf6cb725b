package dev.satchel.publisher;

import dev.satchel.kv.CloudflareKv;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.PublisherSettings.Layout;
import dev.satchel.publisher.http.About;
import dev.satchel.publisher.http.HttpPort;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.http.Ledger;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.PostgresSource;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database, a KV namespace, and the publication that brings the one into the other. */
final class Publisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Connections connections;
  private final DatabaseSettings database;
  private final Publication publication;
  private final CloudflareKv kv;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final WriterLock lock;

  private Publisher(
      Connections connections,
      DatabaseSettings database,
      Publication publication,
      CloudflareKv kv,
      PublisherSettings settings,
      WriteGate gate,
      WriterLock lock) {
    this.connections = connections;
    this.database = database;
    this.publication = publication;
    this.kv = kv;
    this.settings = settings;
    this.gate = gate;
    this.lock = lock;
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
   * The same, if nothing was wrong so far.
   *
   * @param found to be told with what is wrong beside
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

  /** Publishes from a database to a namespace that are open, which it leaves to the connections. */
  static Publisher of(
      Connections connections,
      DatabaseSettings database,
      CloudflareKv kv,
      String namespace,
      PublisherSettings settings,
      Progress progress) {
    var lock = new WriterLock(connections.vertx(), database, namespace, settings.target());
    connections.onClose(lock::close);
    var gate = new WriteGate(lock::confirm);
    return new Publisher(
        connections,
        database,
        publication(connections.vertx(), database, kv, settings, gate, progress),
        kv,
        settings,
        gate,
        lock);
  }

  static Publication publication(
      Vertx vertx,
      DatabaseSettings database,
      CloudflareKv kv,
      PublisherSettings settings,
      WriteGate gate,
      Progress progress) {
    var source = new PostgresSource(vertx, database, settings.query(), settings.stallTimeout());
    var packer = new Packer(vertx, sink -> source.read(sink).mapEmpty(), gate, progress);
    InstantSource clock = InstantSource.system();
    return settings.layout() == Layout.PER_KEY
        ? new PerKeyPublication(packer, kv, settings, gate, clock, progress)
        : new SnapshotPublication(packer, kv, kv, settings, gate, clock, progress);
  }

  /** Publishes unless another publisher does; the failure then says which. */
  Publication publication() {
    return new ElectedPublication(lock::take, publication);
  }

  /** Closed to end after the write in flight. */
  WriteGate gate() {
    return gate;
  }

  /**
   * A loop that is not started yet. Its runs wait for as long as another publisher is at work.
   *
   * @param stages the progress that this was opened with
   */
  PublishLoop loop(Schedule schedule, StageRecorder stages, Ledger ledger) {
    return new PublishLoop(
        connections.vertx().getOrCreateContext(),
        () -> lock.takeInTurn(gate, ledger::waits),
        publication,
        gate,
        schedule,
        Alarm.of(connections.vertx()),
        stages,
        ledger);
  }

  /** Opens a port on which the ledger's owner is seen from outside, until this is closed. */
  HttpPort openPort(HttpSettings http, RunSettings run, Ledger ledger) throws InterruptedException {
    HttpPort port =
        Invocation.await(
            HttpPort.open(
                connections.vertx(),
                http,
                new About(settings.target(), database.toString(), run.schedule().inWords()),
                ledger,
                new OperatorService(connections.vertx(), kv, settings.key()),
                run::redAt,
                settings.maxValueBytes(),
                InstantSource.system()));
    connections.onClose(port::close);
    return port;
  }

  /** Hears of changes until this is closed. */
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
