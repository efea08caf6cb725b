package dev.satchel.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.testkit.TestSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;

/** With a whole application, since it is Boot that says last that an application is ready. */
final class ReadinessTest {
  private static final Map<String, Map<String, Boolean>> ALICE =
      Map.of("alice", Map.of("preview", true));

  private final LinkedBlockingQueue<ReadinessState> told = new LinkedBlockingQueue<>();

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class App {}

  /** Tells the test of a state when everybody else has been told. */
  private final class Multicaster extends SimpleApplicationEventMulticaster {
    @Override
    public void multicastEvent(ApplicationEvent event, @Nullable ResolvableType type) {
      super.multicastEvent(event, type);
      if (event instanceof AvailabilityChangeEvent<?> change
          && change.getState() instanceof ReadinessState state) {
        told.add(state);
      }
    }
  }

  private ConfigurableApplicationContext run(TestSource source, Duration expireAfter) {
    ConfigClientOptions options =
        source.options().startTimeout(Duration.ofMillis(50)).expireAfter(expireAfter).build();
    return new SpringApplicationBuilder(App.class)
        .web(WebApplicationType.NONE)
        .properties("management.endpoint.health.probes.enabled=true", "spring.jmx.enabled=false")
        .initializers(
            context -> {
              var beans = (GenericApplicationContext) context;
              beans.registerBean(SnapshotSource.class, () -> source);
              beans.registerBean(ConfigClientOptions.class, () -> options);
              beans.registerBean(
                  AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
                  ApplicationEventMulticaster.class,
                  Multicaster::new);
            })
        .run();
  }

  private ReadinessState nextTold() throws InterruptedException {
    return told.poll(10, TimeUnit.SECONDS);
  }

  private static Status readiness(ConfigurableApplicationContext context) {
    return context.getBean(HealthEndpoint.class).healthForPath("readiness").getStatus();
  }

  @Test
  void anApplicationWhoseClientIsReadyIsReady() throws InterruptedException {
    try (var context = run(TestSource.of(ALICE), Duration.ofHours(2))) {
      assertThat(nextTold()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
      assertThat(readiness(context)).isEqualTo(Status.UP);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void anApplicationWithoutASnapshotIsNotReadyUntilOneComes() throws InterruptedException {
    TestSource source = TestSource.empty();
    try (var context = run(source, Duration.ofHours(2))) {
      assertThat(readiness(context)).isEqualTo(Status.OUT_OF_SERVICE);
      told.clear();

      source.publish(ALICE);
      context.getBean(ConfigClient.class).refreshNow();

      assertThat(nextTold()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
      assertThat(readiness(context)).isEqualTo(Status.UP);
    }
  }

  @Test
  void anApplicationWhoseSnapshotExpiresIsNotReadyUntilTheSourceAgreesAgain()
      throws InterruptedException {
    TestSource source = TestSource.of(ALICE);
    try (var context = run(source, Duration.ofHours(2))) {
      assertThat(nextTold()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);

      source.fail("the network is down");
      source.clock().advance(Duration.ofHours(3));
      context.getBean(ConfigClient.class).refreshBlocking();
      assertThat(nextTold()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
      assertThat(readiness(context)).isEqualTo(Status.OUT_OF_SERVICE);

      source.heal();
      context.getBean(ConfigClient.class).refreshBlocking();
      assertThat(nextTold()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
      assertThat(readiness(context)).isEqualTo(Status.UP);
    }
  }

  @Test
  void anApplicationThatRefusesByItselfIsNotMadeReady() throws InterruptedException {
    TestSource source = TestSource.empty();
    try (var context = run(source, Duration.ofHours(2))) {
      AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
      told.clear();

      source.publish(ALICE);
      context.getBean(ConfigClient.class).refreshBlocking();

      assertThat(context.getBean(ConfigClient.class).status().isReady()).isTrue();
      assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
      assertThat(readiness(context)).isEqualTo(Status.OUT_OF_SERVICE);
    }
  }
}
