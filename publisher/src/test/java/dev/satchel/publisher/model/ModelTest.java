package dev.satchel.publisher.model;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The whole under everything that may go wrong, in any order: a real database, the publisher, a
 * store that is a minute late, and clients with copies on disk, on time that passes when told to.
 * {@code -Dsatchel.model.steps=100000} runs it for longer, {@code -Dsatchel.model.seed=1} again.
 */
class ModelTest {
  private static final int STEPS = Integer.getInteger("satchel.model.steps", 1_500);

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.satchel");

  @BeforeEach
  void silence() {
    logger.setLevel(Level.OFF); // each fault is told somewhere, and there are thousands
  }

  @AfterEach
  void speak() {
    logger.setLevel(null);
  }

  @Test
  void readersHoldWholePublishedRevisionsThatOnlyGrowAndConverge(@TempDir Path directory) {
    long seed = Long.getLong("satchel.model.seed", ThreadLocalRandom.current().nextInt(1_000_000));
    try (var world = new ModelWorld(seed, directory)) {
      var steps = new ModelSteps(world);
      while (world.trace().steps() < STEPS) {
        steps.next();
      }
      steps.comeToRest();
      System.out.println(world.trace().inWords());
    }
  }
}
