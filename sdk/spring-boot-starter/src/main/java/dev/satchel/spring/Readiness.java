package dev.satchel.spring;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.Registration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Takes the application's readiness back while its client is not ready. It never makes an
 * application ready that does not say so itself, as one that starts or stops does not: it only
 * objects when the application says that it is, and withdraws what it objected.
 */
final class Readiness
    implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, DisposableBean {
  private final ConfigClient client;
  private final ApplicationContext context;
  private final Registration registration;
  private boolean applicationAccepts; // this and what follows is guarded by this
  private boolean objects;

  Readiness(ConfigClient client, ApplicationContext context) {
    this.client = client;
    this.context = context;
    registration = client.onStatus(status -> review());
  }

  @Override
  public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
    if (event.getSource() == this) {
      return;
    }
    synchronized (this) {
      applicationAccepts = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
      objects = false; // whatever was objected, the application has spoken since
      review();
    }
  }

  private synchronized void review() {
    boolean shouldObject = applicationAccepts && !client.status().isReady();
    if (shouldObject != objects) {
      objects = shouldObject;
      AvailabilityChangeEvent.publish(
          context,
          this,
          shouldObject ? ReadinessState.REFUSING_TRAFFIC : ReadinessState.ACCEPTING_TRAFFIC);
    }
  }

  @Override
  public void destroy() {
    registration.close();
  }
}
