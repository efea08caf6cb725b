package dev.satchel.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.metrics.SatchelMetrics;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.testkit.TestSnapshots;
import dev.satchel.sdk.testkit.TestSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

final class SatchelAutoConfigurationTest {
  private static final Map<String, Map<String, Boolean>> ALICE =
      Map.of("alice", Map.of("preview", true));

  @TempDir private Path directory;

  private static ApplicationContextRunner application() {
    return application(Map.of());
  }

  /** An application in a process with these environment variables and no others. */
  private static ApplicationContextRunner application(Map<String, Object> variables) {
    return new ApplicationContextRunner()
        .withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            variables)))
        .withConfiguration(AutoConfigurations.of(SatchelAutoConfiguration.class));
  }

  private Path snapshot() throws IOException {
    return Files.write(
        directory.resolve("a.satchel"),
        TestSnapshots.encode(7, Instant.parse("2026-01-01T00:00:00Z"), ALICE));
  }

  @Test
  void propertiesAreAllThatAClientNeeds() throws IOException {
    application()
        .withPropertyValues("satchel.source=" + snapshot(), "satchel.poll-interval=5m")
        .run(
            context -> {
              assertThat(context.getBean(ConfigClient.class).getBoolean("alice", "preview", false))
                  .isTrue();
              assertThat(context.getBean(ConfigClientOptions.class).pollInterval())
                  .isEqualTo(Duration.ofMinutes(5));
            });
  }

  @Test
  void variablesOfTheEnvironmentCountAndPropertiesCountMore() throws IOException {
    Map<String, Object> variables =
        Map.of(
            "SATCHEL_SOURCE",
            snapshot().toString(),
            "SATCHEL_POLL_INTERVAL",
            "7m",
            "SATCHEL_CALL_TIMEOUT",
            "3s");
    application(variables)
        .withPropertyValues("satchel.poll-interval=5m")
        .run(
            context -> {
              var options = context.getBean(ConfigClientOptions.class);
              assertThat(options.pollInterval()).isEqualTo(Duration.ofMinutes(5));
              assertThat(options.callTimeout()).isEqualTo(Duration.ofSeconds(3));
              assertThat(context.getBean(ConfigClient.class).status().revision()).isEqualTo(7);
            });
  }

  @Test
  void theClientClosesWithItsContextAndItsSourceOnce() {
    var source = new CountingSource(TestSource.of(ALICE));
    application()
        .withBean(
            SnapshotSource.class, () -> source, definition -> definition.setDestroyMethodName(null))
        .run(context -> assertThat(context).hasSingleBean(ConfigClient.class));
    assertThat(source.closings).isEqualTo(1);
  }

  @Test
  void withoutSettingsTheStartFailsWithTheNamesOfWhatIsMissing() {
    application()
        .run(
            context ->
                assertRefusal(context)
                    .contains("satchel.cloudflare.account-id (CLOUDFLARE_ACCOUNT_ID) is not set")
                    .contains(
                        "satchel.cloudflare.namespace-id (CLOUDFLARE_WORKERS_KV_NAMESPACE_ID)"));
  }

  @ParameterizedTest
  @CsvSource({
    "satchel.poll-interval, soon, '30s, 5m, 12h, 30d or PT1M'",
    "satchel.poll-interval, 0.001s, PT0.01S",
    "satchel.call-timeout, x, 30s",
    "satchel.start-timeout, x, 30s",
    "satchel.stale-after, x, 30s",
    "satchel.expire-after, x, 30s",
    "satchel.when-nothing, stop, continue or wait or fail",
    "satchel.when-expired, x, keep-serving or answer-defaults",
    "satchel.pinned-revision, x, 1772366400000",
    "satchel.request-budget, many, 240",
    "satchel.public-keys, x, expected",
    "satchel.proxy, 'ftp://x', expected",
    "satchel.source, nowhere, expected kv",
    "satchel.cloudflare.account-id, a b, letters",
    "satchel.cloudflare.api-base-url, nowhere, https"
  })
  void aMalformedPropertyIsNamedWithItsRule(String property, String value, String rule) {
    application()
        .withPropertyValues(property + "=" + value)
        .run(context -> assertRefusal(context).contains(property + " (").contains(rule));
  }

  private static AbstractStringAssert<?> assertRefusal(AssertableApplicationContext context) {
    assertThat(context).hasFailed();
    Throwable failure = context.getStartupFailure();
    var analysis = new SettingsFailureAnalyzer().analyze(failure);
    assertThat(analysis).as(String.valueOf(failure)).isNotNull();
    return assertThat(analysis.getDescription());
  }

  @Test
  void secretsAreShownByNoBean() {
    String token = "s3cret-token-s3cret-token";
    application()
        .withPropertyValues(
            "satchel.cloudflare.account-id=a",
            "satchel.cloudflare.namespace-id=n",
            "satchel.cloudflare.api-base-url=http://127.0.0.1:9",
            "satchel.cloudflare.api-token=" + token,
            "satchel.start-timeout=0.02s")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              for (String name : context.getBeanDefinitionNames()) {
                assertThat(context.getBean(name).toString()).as(name).doesNotContain(token);
              }
            });
  }

  @Test
  void onePropertySwitchesAllOfItOff() {
    application()
        .withPropertyValues("satchel.enabled=false", "satchel.poll-interval=soon")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(ConfigClient.class)
                    .doesNotHaveBean(SatchelMetrics.class)
                    .doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void theApplicationsOwnClientNeedsNoSettings() {
    try (ConfigClient own = TestSource.of(ALICE).open()) {
      application()
          .withBean(ConfigClient.class, () -> own)
          .run(
              context -> {
                assertThat(context).doesNotHaveBean(SnapshotSource.class);
                assertThat(context.getBean(ConfigClient.class)).isSameAs(own);
                assertThat(context).hasSingleBean(HealthIndicator.class);
              });
    }
  }

  @Test
  void optionsHealthAndMetricsGiveWayToTheApplications() {
    var options = ConfigClientOptions.builder().key("mine").build();
    HealthIndicator health = () -> Health.unknown().build();
    application()
        .withBean(SnapshotSource.class, () -> TestSource.of(ALICE))
        .withBean(ConfigClientOptions.class, () -> options)
        .withBean("satchelHealthIndicator", HealthIndicator.class, () -> health)
        .withUserConfiguration(OwnMetrics.class)
        .run(
            context -> {
              assertThat(context.getBean(ConfigClientOptions.class)).isSameAs(options);
              assertThat(context.getBean(HealthIndicator.class)).isSameAs(health);
              assertThat(context.getBeanNamesForType(SatchelMetrics.class))
                  .containsExactly("ownMetrics");
            });
  }

  @Test
  void healthIsUpWhileTheClientIsReadyAndSaysWhatItHolds() {
    application()
        .withBean(SnapshotSource.class, () -> TestSource.of(ALICE))
        .run(
            context -> {
              Health health = context.getBean(HealthIndicator.class).health();
              assertThat(health.getStatus()).isEqualTo(Status.UP);
              assertThat(health.getDetails())
                  .containsEntry("state", "FRESH")
                  .containsEntry("revision", 1L)
                  .containsEntry("users", 1);
            });
  }

  @Test
  void healthIsDownWhileThereIsNothing() {
    application()
        .withBean(SnapshotSource.class, TestSource::empty)
        .withPropertyValues("satchel.start-timeout=0.02s")
        .run(
            context -> {
              Health health = context.getBean(HealthIndicator.class).health();
              assertThat(health.getStatus()).isEqualTo(Status.DOWN);
              assertThat(health.getDetails()).containsEntry("state", "EMPTY");
            });
  }

  @Test
  void healthCanBeSwitchedOffAsAnyIndicatorCan() {
    application()
        .withBean(SnapshotSource.class, () -> TestSource.of(ALICE))
        .withPropertyValues("management.health.satchel.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void metersAreBoundToTheApplicationsRegistry() {
    application()
        .withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class))
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean(SnapshotSource.class, () -> TestSource.of(ALICE))
        .run(
            context ->
                assertThat(
                        context.getBean(MeterRegistry.class).get("satchel.users").gauge().value())
                    .isEqualTo(1));
  }

  @Test
  void withoutMicrometerAndActuatorThereIsTheClientAlone() {
    application()
        .withClassLoader(
            new FilteredClassLoader("io.micrometer", "org.springframework.boot.actuate"))
        .withBean(SnapshotSource.class, () -> TestSource.of(ALICE))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(ConfigClient.class);
              assertThat(context.containsBean("satchelMetrics")).isFalse();
              assertThat(context.containsBean("satchelHealthIndicator")).isFalse();
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnMetrics {
    @Bean
    SatchelMetrics ownMetrics(ConfigClient client) {
      return new SatchelMetrics(client, List.of());
    }
  }
}
