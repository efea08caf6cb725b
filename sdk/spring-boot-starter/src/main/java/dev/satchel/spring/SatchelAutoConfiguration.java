package dev.satchel.spring;

import dev.satchel.sdk.ConfigClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * The client and what shows its state. Each bean gives way to one of the application's. Starting
 * waits for the first snapshot, as {@link ConfigClient#openBlocking} does.
 */
@AutoConfiguration(
    afterName =
        "org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration")
@ConditionalOnProperty(prefix = "satchel", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(SatchelProperties.class)
@Import({
  ClientConfiguration.class, // before those that ask whether there is a client
  MetricsConfiguration.class,
  HealthConfiguration.class,
  Boot4HealthConfiguration.class
})
class SatchelAutoConfiguration {}
