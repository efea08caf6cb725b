package dev.satchel.vertx;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.testkit.TestSource;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SatchelHealthTest {

  @Test
  void turnsGreenWithTheFirstSnapshotAndSaysWhatIsServed() throws Exception {
    Vertx vertx = Vertx.vertx();
    TestSource source = TestSource.empty();
    VertxConfigClient config =
        await(VertxConfigClient.open(vertx, source, source.options().build()));
    HealthChecks checks =
        HealthChecks.create(vertx).register("config", SatchelHealth.of(config.client()));

    CheckResult before = await(checks.checkStatus("config"));
    source.publish(Map.of("alice", Map.of("a", 1)));
    await(config.refreshNow());
    CheckResult after = await(checks.checkStatus("config"));

    assertThat(before.getUp()).isFalse();
    assertThat(before.getData().getString("state")).isEqualTo("EMPTY");
    assertThat(before.getData().getString("lastFailure")).contains("nothing is published");
    assertThat(after.getUp()).isTrue();
    assertThat(after.getData().getString("state")).isEqualTo("FRESH");
    assertThat(after.getData().getLong("revision")).isEqualTo(1);
    assertThat(after.getData().getInteger("users")).isEqualTo(1);
    assertThat(after.getData().containsKey("lastFailure")).isFalse();
    await(config.close());
    await(vertx.close());
  }
}
