package dev.satchel.spring;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.SnapshotSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The client, what it is made of, and the readiness that depends on it. */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Settings satchelSettings(ConfigurableEnvironment environment, SatchelProperties properties) {
    return Settings.of(environment, properties);
  }

  @Bean
  @ConditionalOnMissingBean({ConfigClientOptions.class, ConfigClient.class})
  ConfigClientOptions satchelOptions(Settings settings) {
    return settings.read(ConfigClientOptions::fromEnv);
  }

  // no destroy method: the client closes its source
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean({SnapshotSource.class, ConfigClient.class})
  SnapshotSource satchelSource(Settings settings, ConfigClientOptions options) {
    return settings.read(variables -> ConfigClient.sourceFromEnv(variables, options));
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  ConfigClient satchelClient(SnapshotSource source, ConfigClientOptions options) {
    return ConfigClient.openBlocking(source, options);
  }

  @Bean
  @ConditionalOnSingleCandidate(ConfigClient.class)
  @ConditionalOnMissingBean
  Readiness satchelReadiness(
      ConfigClient client,
      ApplicationContext context,
      ObjectProvider<ApplicationAvailability> availability) {
    // what keeps the state is told of it before we are: it must not hear our objection first
    availability.getIfAvailable();
    return new Readiness(client, context);
  }
}
