package example;

import dev.satchel.sdk.ConfigClient;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The client as a bean, opened when it is first asked for and closed with the application. */
final class Configs {
  @Produces
  @Singleton
  ConfigClient open() {
    return ConfigClient.openBlocking(System.getenv());
  }

  void close(@Disposes ConfigClient configs) {
    configs.close();
    System.out.println("closed");
  }
}
