package dev.satchel.spring;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.metrics.SatchelMetrics;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The client's meters, which Boot binds to the application's registries. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
class MetricsConfiguration {

  @Bean
  @ConditionalOnSingleCandidate(ConfigClient.class)
  @ConditionalOnMissingBean
  SatchelMetrics satchelMetrics(ConfigClient client) {
    return new SatchelMetrics(client, List.of());
  }
}
