package dev.satchel.publisher.publish;

import dev.satchel.publisher.kv.NamespaceReader;
import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.publish.PublisherSettings.Layout;
import dev.satchel.publisher.store.Evidence;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.SnapshotFeed;
import dev.satchel.publisher.time.Time;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** The operations on one key: publish, roll back, resume, and look at what was published. */
public final class Publishing {
  /**
   * What publishing needs of the world.
   *
   * @param source where the users come from
   * @param time this machine's
   * @param clock the one that revisions are numbered by
   * @param progress is told of each stage
   */
  public record World(
      Vertx vertx,
      NamespaceReader reader,
      NamespaceWriter writer,
      Packer.Source source,
      Time time,
      InstantSource clock,
      Progress progress) {}

  private final Publication publication;
  private final SnapshotFeed feed;
  private final History history;
  private final Rollback rollback;

  /**
   * Puts the parts together.
   *
   * @param gate every write goes through it
   */
  public Publishing(World world, PublisherSettings settings, WriteGate gate) {
    var seal = settings.seal();
    var key = new PublishedKey(world.reader(), settings.key(), world.clock());
    var evidence =
        new Evidence(world.vertx(), key, seal, settings.copies().areKept(), world.clock());
    var packer =
        new Packer(
            world.vertx(),
            world.source(),
            seal,
            gate,
            world.progress(),
            settings.guards()::checkUserBytes);
    feed = new SnapshotFeed(world.vertx(), key, seal, world.clock());
    history = new History(world.vertx(), key, seal);
    var pairs = new PairSync(world, key, history, settings, gate, packer);
    var writer =
        new SnapshotWriter(
            key, evidence, feed, world.writer(), settings, gate, packer, pairs, world.time());
    rollback =
        new Rollback(
            world.vertx(),
            key,
            evidence,
            history,
            writer,
            seal,
            gate,
            world.clock(),
            world.progress());
    var ahead = new Ahead(packer, key, feed, settings, world.clock(), world.time());
    publication =
        settings.layout() == Layout.PER_KEY
            ? new PerKeyPublication(
                packer, key, world.writer(), settings, gate, world.time(), world.progress())
            : new SnapshotPublication(
                packer,
                key,
                evidence,
                writer,
                history,
                pairs,
                feed,
                ahead,
                rollback,
                settings,
                world.clock(),
                world.progress());
  }

  /** Publishes what the source says, in the layout of the settings. */
  public Publication publication() {
    return publication;
  }

  /** Returns what readers of this process may have. */
  public SnapshotFeed feed() {
    return feed;
  }

  /** Returns what was published. */
  public History history() {
    return history;
  }

  /** Publishes what an earlier revision said. */
  public Rollback rollback() {
    return rollback;
  }
}
