package dev.satchel.spring;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The component {@code satchel} of Boot 3's health. {@link Boot4HealthConfiguration} is alike. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
    name = {
      "org.springframework.boot.actuate.health.HealthIndicator",
      "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
    })
class HealthConfiguration {

  @Bean
  @ConditionalOnSingleCandidate(ConfigClient.class)
  @ConditionalOnMissingBean(name = {"satchelHealthIndicator", "satchelHealthContributor"})
  @ConditionalOnEnabledHealthIndicator("satchel")
  HealthIndicator satchelHealthIndicator(ConfigClient client) {
    return () -> {
      ClientStatus status = client.status();
      Health.Builder health = status.isReady() ? Health.up() : Health.down();
      return health.withDetails(StatusDetails.of(status)).build();
    };
  }
}
