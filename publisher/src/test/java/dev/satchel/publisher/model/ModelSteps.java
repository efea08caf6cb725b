package dev.satchel.publisher.model;

import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.model.ModelEdge.Weather;
import dev.satchel.publisher.model.ModelPublisher.Interruption;
import dev.satchel.publisher.model.ModelStore.Version;
import dev.satchel.publisher.publish.PublishOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Picks what happens next, and checks that everything comes to rest when nothing goes wrong. */
final class ModelSteps {
  /** All that was replaced before is forgotten everywhere. */
  private static final Duration NOTHING_STALE = ModelStore.STALENESS.plusSeconds(1);

  /** Behind that, a copy above the revision in use is no reason not to resume. */
  private static final Duration NO_DOUBT = Duration.ofMinutes(5);

  /** Behind that comes a poll of every reader. */
  private static final Duration ALL_HAVE_POLLED = Duration.ofSeconds(80);

  private final ModelWorld world;
  private final Random random;

  ModelSteps(ModelWorld world) {
    this.world = world;
    this.random = world.random();
  }

  /** One step, and all checks behind it. */
  void next() {
    int pick = random.nextInt(200);
    if (pick < 50) {
      step("time passes");
      world.pass(Duration.ofMillis(random.nextInt(20_000)));
    } else if (pick < 56) {
      step("minutes pass");
      world.pass(Duration.ofSeconds(60 + random.nextInt(300)));
    } else if (pick < 90) {
      step("rows change");
      world.changeRows();
    } else if (pick < 132) {
      var publisher = anyOf(world.publishers());
      step("publish by " + publisher.name);
      world.publish(publisher);
    } else if (pick < 138) {
      rollback();
    } else if (pick < 146) {
      var publisher = anyOf(world.publishers());
      step("resume by " + publisher.name);
      world.resume(publisher);
    } else if (pick < 158) {
      var publisher = anyOf(world.publishers());
      Interruption what = anyOf(List.of(Interruption.values()));
      int calls = 1 + random.nextInt(9);
      step("%s is to meet %s at call %d".formatted(publisher.name, what, calls));
      publisher.arm(what, calls);
    } else if (pick < 162) {
      var publisher = anyOf(world.publishers());
      step("restart of " + publisher.name);
      world.trace().count("publisher restarted");
      world.restart(publisher);
    } else if (pick < 172) {
      var reader = anyOf(world.readers());
      step("refresh of " + reader.name);
      reader.refresh();
    } else if (pick < 182) {
      restartReader();
    } else if (pick < 187) {
      var reader = anyOf(world.readers());
      step("harm to the disk of " + reader.name);
      reader.harmDisk();
    } else if (pick < 198) {
      weather();
    } else {
      comeToRest();
    }
    world.readers().forEach(reader -> reader.check(false));
    world.throwIfViolated();
  }

  private void rollback() {
    List<KeyPage.Key> copies = copies();
    if (copies.isEmpty()) {
      step("no rollback yet");
      return;
    }
    long revision = revision(anyOf(copies));
    var publisher = anyOf(world.publishers());
    step("rollback to %d by %s".formatted(revision, publisher.name));
    world.rollback(publisher, revision);
  }

  private List<KeyPage.Key> copies() {
    return world.store().keys(ModelWorld.KEY + "@").stream()
        .filter(key -> !ModelWorld.isPatch(key.name()) && !ModelPairs.isOf(key.name()))
        .toList();
  }

  private static long revision(KeyPage.Key copy) {
    return Long.parseLong(copy.name().substring(ModelWorld.KEY.length() + 1));
  }

  private void restartReader() {
    var reader = anyOf(world.readers());
    boolean inOrder = random.nextBoolean();
    step("%s of %s".formatted(inOrder ? "restart" : "kill", reader.name));
    world.trace().count(inOrder ? "reader restarted" : "reader killed");
    reader.stop(inOrder);
    reader.start();
  }

  private void weather() {
    int pick = random.nextInt(10);
    Weather next = pick < 5 ? Weather.CALM : pick < 9 ? Weather.ROUGH : Weather.DOWN;
    if (random.nextBoolean()) {
      var publisher = anyOf(world.publishers());
      step("weather of %s: %s".formatted(publisher.name, next));
      publisher.edge.set(next);
    } else {
      var reader = anyOf(world.readers());
      step("weather of %s: %s".formatted(reader.name, next));
      reader.edge.set(next);
    }
  }

  /** From here on nothing goes wrong: rows, store and lookups must come to agree, and soon. */
  void comeToRest() {
    step("nothing goes wrong");
    world.trace().count("rest");
    set(Weather.CLEAR);
    world.publishers().forEach(each -> each.arm(null, 0));
    world.landAll();
    world.pass(NOTHING_STALE);
    var publisher = anyOf(world.publishers());
    if (publish(publisher).kind() == PublishOutcome.Kind.HELD) {
      if (world.ledger().isBehind(world.store().newest(ModelWorld.KEY))) {
        // the hold was overwritten by a write that came late: a person rolls back once more
        List<KeyPage.Key> copies = copies();
        world.rollback(publisher, revision(copies.get(copies.size() - 1)));
      }
      readersAgree();
      world.pass(NO_DOUBT);
      if (world.resume(publisher).result() == null) {
        throw violation("expected " + publisher.name + " to resume");
      }
      world.pass(NOTHING_STALE);
      if (publish(publisher).kind() == PublishOutcome.Kind.HELD) {
        throw violation("expected no hold behind a resume but " + publisher.name + " found one");
      }
    }
    long revision = inUse();
    if (!world.ledger().rows(revision).equals(world.rows())) {
      throw violation(
          "expected revision %d to say what the table does, %s, but found %s"
              .formatted(revision, world.rows(), world.ledger().rows(revision)));
    }
    world.pass(NO_DOUBT.plusSeconds(1)); // and all have polled
    readersHoldWhatIsInUse();
    publish(publisher); // what late writes have undone is written once more
    List<String> wrong = ModelPairs.wrong(world.store(), world.rows());
    if (!wrong.isEmpty()) {
      throw violation("expected the pairs to say what the table does but found others of " + wrong);
    }
    set(Weather.CALM);
  }

  private void set(Weather weather) {
    world.readers().forEach(reader -> reader.edge.set(weather));
    world.publishers().forEach(publisher -> publisher.edge.set(weather));
  }

  private PublishOutcome publish(ModelPublisher publisher) {
    PublishOutcome outcome = world.publish(publisher).result();
    if (outcome == null) {
      throw violation("expected " + publisher.name + " to publish when nothing goes wrong");
    }
    return outcome;
  }

  private void readersAgree() {
    world.pass(NOTHING_STALE.plus(ALL_HAVE_POLLED));
    readersHoldWhatIsInUse();
  }

  private void readersHoldWhatIsInUse() {
    long revision = inUse();
    for (ModelReader reader : world.readers()) {
      if (reader.revision() != revision) {
        throw violation(
            "expected %s to serve revision %d but found %d"
                .formatted(reader.name, revision, reader.revision()));
      }
    }
  }

  private long inUse() {
    Version inUse = world.store().newest(ModelWorld.KEY);
    if (inUse.pair() == null) {
      throw violation("expected a revision in use but found none");
    }
    return inUse.pair().about().revision();
  }

  private void step(String what) {
    world.trace().step("%s %s".formatted(world.now(), what));
  }

  private AssertionError violation(String what) {
    return world.trace().violation(what);
  }

  private <T> T anyOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
