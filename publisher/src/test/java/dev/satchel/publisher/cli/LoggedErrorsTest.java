package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggedErrorsTest {
  private final List<Throwable> passedOn = new ArrayList<>();
  private final Thread.@Nullable UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();
  private final OutOfMemoryError memory = new OutOfMemoryError("made by a test");

  @BeforeEach
  void watch() {
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> passedOn.add(e));
    ProcessLog.follow(LogSettings.fromEnv(Map.of(), new ArrayList<>()));
  }

  @AfterEach
  void leave() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  @Test
  void anErrorThatALibraryCanOnlyLogReachesTheHandlerOfThreadsThatEnd() {
    Logger netty = LoggerFactory.getLogger("io.netty.test");

    netty.debug("which is not logged", memory);
    netty.debug("one of two: {}", "other", memory);
    netty.debug("one of three: {} {}", "other", "another", memory);

    assertThat(passedOn).containsExactly(memory, memory, memory);
  }

  @Test
  void whatIsHandledDoesNot() {
    LoggerFactory.getLogger("io.netty.test").debug("{}", "text", new IllegalStateException());
    LoggerFactory.getLogger("dev.satchel.test").debug("it says so itself", memory);

    assertThat(passedOn).isEmpty();
  }
}
