package dev.satchel.vertx;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import dev.satchel.sdk.testkit.TestSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VertxConfigClientTest {
  private static final Map<String, Map<String, Boolean>> OFF =
      Map.of("alice", Map.of("preview", false));
  private static final Map<String, Map<String, Boolean>> ON =
      Map.of("alice", Map.of("preview", true));

  private final Vertx vertx = Vertx.vertx();
  private final TestSource source = TestSource.of(OFF);

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private Future<VertxConfigClient> open() {
    return VertxConfigClient.open(vertx, source, source.options().build());
  }

  @Test
  void opensRefreshesAndClosesFromAnEventLoopEachOnTheCallersContext() throws Exception {
    Context context = vertx.getOrCreateContext();
    Promise<Void> done = Promise.promise();

    context.runOnContext(
        go ->
            open()
                .compose(
                    client -> {
                      assertOn(context);
                      assertThat(client.getBoolean("alice", "preview", true)).isFalse();
                      source.publish(ON);
                      return client
                          .refreshNow()
                          .compose(
                              status -> {
                                assertOn(context);
                                assertThat(status.revision()).isEqualTo(2);
                                assertThat(client.getBoolean("alice", "preview", false)).isTrue();
                                return client.close();
                              });
                    })
                .onComplete(
                    outcome -> {
                      assertOn(context);
                      done.handle(outcome);
                    }));

    await(done.future());
  }

  private static void assertOn(Context context) {
    assertThat(Vertx.currentContext()).isSameAs(context);
  }

  @Test
  void doesNotBlockTheEventLoopWhileTheSourceStalls() throws Exception {
    source.stall();
    Context context = vertx.getOrCreateContext();
    Promise<Future<VertxConfigClient>> asked = Promise.promise();
    context.runOnContext(go -> asked.complete(open()));
    Future<VertxConfigClient> opening = await(asked.future());
    Promise<Void> turn = Promise.promise();

    context.runOnContext(turn::complete);

    await(turn.future());
    assertThat(opening.isComplete()).isFalse();
    source.heal();
    await(await(opening).close());
  }

  /** Opens a client, as an application's verticle would. */
  private final class Opening extends VerticleBase {
    private final Promise<VertxConfigClient> opened = Promise.promise();

    @Override
    public Future<?> start() {
      return open().onComplete(opened);
    }
  }

  @Test
  void livesOnWhenTheVerticleThatOpenedItIsUndeployed() throws Exception {
    var verticle = new Opening();
    String id = await(vertx.deployVerticle(verticle));
    VertxConfigClient client = await(verticle.opened.future());

    await(vertx.undeploy(id));
    source.publish(ON);

    assertThat(await(client.refreshNow()).state()).isEqualTo(State.FRESH);
    assertThat(client.getBoolean("alice", "preview", false)).isTrue();
    await(client.close());
  }

  @Test
  void failsAsTheOptionsSay() {
    source.fail("out of order");

    assertThatThrownBy(
            () ->
                await(
                    VertxConfigClient.open(
                        vertx, source, source.options().whenNothing(WhenNothing.FAIL).build())))
        .hasRootCauseMessage("expected a snapshot at start but out of order");
    assertThatThrownBy(() -> VertxConfigClient.open(vertx, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CLOUDFLARE_ACCOUNT_ID");
  }
}
