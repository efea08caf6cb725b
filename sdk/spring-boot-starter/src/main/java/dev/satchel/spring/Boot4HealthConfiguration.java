package dev.satchel.spring;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The component {@code satchel} of Boot 4's health. {@link HealthConfiguration} is alike. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
    name = {
      "org.springframework.boot.health.contributor.HealthIndicator",
      "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
    })
class Boot4HealthConfiguration {

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
