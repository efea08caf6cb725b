package dev.satchel.vertx;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import org.jspecify.annotations.Nullable;

/**
 * A procedure for {@code HealthChecks.register(name, SatchelHealth.of(client))}. It answers OK
 * while {@link ClientStatus#isReady}, and gives the status as data either way. Cheap; safe for any
 * thread.
 */
@SuppressWarnings("exports") // its users have the health checks
public final class SatchelHealth implements Handler<Promise<Status>> {
  private final ConfigClient client;

  private SatchelHealth(ConfigClient client) {
    this.client = client;
  }

  /** Returns a procedure that reports on this client. */
  public static SatchelHealth of(ConfigClient client) {
    return new SatchelHealth(client);
  }

  @Override
  public void handle(Promise<Status> answer) {
    ClientStatus status = client.status();
    JsonObject data =
        new JsonObject()
            .put("state", status.state().name())
            .put("since", status.since().toString())
            .put("revision", status.revision())
            .put("users", status.users());
    putUnlessNull(data, "publishedAt", status.publishedAt());
    putUnlessNull(data, "lastChecked", status.lastChecked());
    data.put("fetched", status.fetched().name());
    data.put("fetchedBytes", status.fetchedBytes());
    putUnlessNull(data, "lastFailure", status.lastFailure());
    if (!status.fieldMistakes().isEmpty()) {
      data.put("fieldMistakes", new JsonArray(status.fieldMistakes()));
    }
    answer.complete(status.isReady() ? Status.OK(data) : Status.KO(data));
  }

  private static void putUnlessNull(JsonObject data, String name, @Nullable Object value) {
    if (value != null) {
      data.put(name, value.toString());
    }
  }
}
