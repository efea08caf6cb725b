package dev.satchel.sdk.openfeature;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.next;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EventDetails;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvent;
import dev.openfeature.sdk.ProviderState;
import dev.openfeature.sdk.Structure;
import dev.openfeature.sdk.Value;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.testkit.TestSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The provider through OpenFeature's own client. The numbers are those of the requirements in
 * OpenFeature's specification.
 */
class SatchelProviderTest {
  private static final ImmutableContext ALICE = new ImmutableContext("alice");
  private static final Value FALLBACK = new Value(List.of(new Value("fallback")));

  private static final Map<String, Map<String, ?>> USERS =
      Map.of(
          "alice",
          Map.of(
              "bool",
              true,
              "text",
              "hi",
              "whole",
              10,
              "half",
              0.5,
              "object",
              Map.of("shown", true, "title", "pictures", "each", 100)),
          "zero",
          Map.of("bool", false, "text", "", "whole", 0, "half", 0.0, "object", Map.of()),
          "odd",
          Map.of("big", 1L << 40, "list", List.of(1, "two"), "round", 3.0));

  private final TestSource source = TestSource.of(USERS);
  private final ConfigClient config =
      ConfigClient.openBlocking(source, source.options().staleAfter(Duration.ofMinutes(1)).build());
  private final OpenFeatureAPI api = OpenFeatureAPI.getInstance();
  private Client client = api.getClient("satchel");

  @BeforeEach
  void setTheProvider() {
    api.setProviderAndWait("satchel", new SatchelProvider(config));
    client = api.getClient("satchel");
  }

  @AfterEach
  void shutDown() throws Exception {
    api.shutdown();
    config.close();
  }

  /** One of the five types: how to ask for it, what to fall back to, and a field of its own. */
  interface Ask {
    FlagEvaluationDetails<?> of(Client client, String key, ImmutableContext context);
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> types() {
    Ask bool = (client, key, context) -> client.getBooleanDetails(key, false, context);
    Ask text = (client, key, context) -> client.getStringDetails(key, "bye", context);
    Ask whole = (client, key, context) -> client.getIntegerDetails(key, 1, context);
    Ask half = (client, key, context) -> client.getDoubleDetails(key, 0.1, context);
    Ask object = (client, key, context) -> client.getObjectDetails(key, FALLBACK, context);
    return Stream.of(
        arguments("bool", bool, true, false, "text", false),
        arguments("text", text, "hi", "", "bool", "bye"),
        arguments("whole", whole, 10, 0, "bool", 1),
        arguments("half", half, 0.5, 0.0, "bool", 0.1),
        arguments(
            "object",
            object,
            new Value(
                Structure.mapToStructure(Map.of("shown", true, "title", "pictures", "each", 100))),
            new Value(Structure.mapToStructure(Map.of())),
            "bool",
            FALLBACK));
  }

  // 1.3.1.1, 1.4.1.1, 1.4.3, 1.4.5, 1.4.7, 2.2.1, 2.2.3, 2.2.5
  @ParameterizedTest
  @MethodSource("types")
  void resolvesAValueByTheTargetingKey(
      String key, Ask ask, Object value, Object zero, String other, Object fallback) {
    FlagEvaluationDetails<?> details = ask.of(client, key, ALICE);

    assertThat(plain(details.getValue())).isEqualTo(plain(value));
    assertThat(details.getFlagKey()).isEqualTo(key);
    assertThat(details.getReason()).isEqualTo("TARGETING_MATCH");
    assertThat(details.getErrorCode()).isNull();
    assertThat(details.getFlagMetadata().getLong("revision")).isEqualTo(1);
  }

  // 1.4.7: a value that looks like nothing is a value all the same
  @ParameterizedTest
  @MethodSource("types")
  void resolvesZeroValues(
      String key, Ask ask, Object value, Object zero, String other, Object fallback) {
    FlagEvaluationDetails<?> details = ask.of(client, key, new ImmutableContext("zero"));

    assertThat(plain(details.getValue())).isEqualTo(plain(zero));
    assertThat(details.getReason()).isEqualTo("TARGETING_MATCH");
  }

  // 1.4.7: the default, and no error, for a user with no value of its own
  @ParameterizedTest
  @MethodSource("types")
  void answersTheDefaultForUsersWithoutAValue(
      String key, Ask ask, Object value, Object zero, String other, Object fallback) {
    for (String user : List.of("nobody", "odd")) {
      FlagEvaluationDetails<?> details = ask.of(client, key, new ImmutableContext(user));

      assertThat(plain(details.getValue())).isEqualTo(plain(fallback));
      assertThat(details.getReason()).isEqualTo("DEFAULT");
      assertThat(details.getErrorCode()).isNull();
    }
  }

  // 1.4.8, 1.4.9, 1.4.10, 1.4.13, 2.2.6, 2.2.7, 2.2.8
  @ParameterizedTest
  @MethodSource("types")
  void saysWhichFieldIsNotThere(
      String key, Ask ask, Object value, Object zero, String other, Object fallback) {
    FlagEvaluationDetails<?> details = ask.of(client, "missing", ALICE);

    assertError(details, ErrorCode.FLAG_NOT_FOUND, fallback);
    assertThat(details.getErrorMessage()).contains("'missing'");
  }

  // 1.3.4, 1.4.10, 2.2.7
  @ParameterizedTest
  @MethodSource("types")
  void saysThatAValueIsOfAnotherType(
      String key, Ask ask, Object value, Object zero, String other, Object fallback) {
    assertError(ask.of(client, other, ALICE), ErrorCode.TYPE_MISMATCH, fallback);
  }

  // 3.1.1, 2.2.7
  @ParameterizedTest
  @MethodSource("types")
  void saysThatTheTargetingKeyIsMissing(
      String key, Ask ask, Object value, Object zero, String other, Object fallback) {
    assertError(
        ask.of(client, key, new ImmutableContext()), ErrorCode.TARGETING_KEY_MISSING, fallback);
  }

  // 1.4.10, 1.7.4, 2.2.7, 2.4.2.1, 5.1.2: not ready, then ready by itself
  @ParameterizedTest
  @MethodSource("types")
  void answersDefaultsUntilTheFirstSnapshot(
      String key, Ask ask, Object value, Object zero, String other, Object fallback)
      throws Exception {
    TestSource later = TestSource.empty();
    ConfigClient empty = later.open();
    Client notReady = api.getClient("later");
    BlockingQueue<EventDetails> ready = on(notReady::onProviderReady);
    api.setProvider("later", new SatchelProvider(empty));
    BlockingQueue<EventDetails> failed = on(notReady::onProviderError);
    next(failed);

    assertError(ask.of(notReady, key, ALICE), ErrorCode.PROVIDER_NOT_READY, fallback);
    assertThat(notReady.getProviderState()).isEqualTo(ProviderState.ERROR);

    later.publish(USERS);
    refresh(empty);
    next(ready);

    assertThat(plain(ask.of(notReady, key, ALICE).getValue())).isEqualTo(plain(value));
    empty.close();
  }

  // 1.7.3, 5.3.5
  @Test
  void isReadyInTheEndThoughTheFirstSnapshotCameWhileInitializeWasFailing() throws Exception {
    TestSource late = TestSource.empty();
    var looks = new AtomicInteger();
    var empty = new CompletableFuture<ConfigClient>();
    Client racing = api.getClient("racing");
    BlockingQueue<EventDetails> failed = on(racing::onProviderError);
    InstantSource clock =
        () -> {
          // the first look is of the listener to states, the second is what initialize goes by: it
          // has found nothing to serve, and what comes now is told before it has failed
          if (isInitializing() && looks.incrementAndGet() == 2) {
            late.publish(USERS);
            refresh(empty.join());
            untilReady(racing);
          }
          return Instant.parse("2026-01-01T00:00:00Z");
        };
    empty.complete(ConfigClient.openBlocking(late, late.options().clock(clock).build()));

    api.setProvider("racing", new SatchelProvider(empty.join()));
    next(failed);
    refresh(empty.join());

    untilReady(racing);
    assertThat(racing.getBooleanValue("bool", false, ALICE)).isTrue();
    empty.join().close();
  }

  @Test
  void numbersAnswerForEachOtherWhereNothingIsLost() {
    var odd = new ImmutableContext("odd");

    assertThat(client.getIntegerValue("round", 1, odd)).isEqualTo(3);
    assertThat(client.getDoubleValue("big", 0.0, odd)).isEqualTo(1L << 40);
    assertThat(client.getDoubleValue("whole", 0.0, ALICE)).isEqualTo(10.0);
    assertError(client.getIntegerDetails("half", 1, ALICE), ErrorCode.TYPE_MISMATCH, 1);
    assertError(client.getIntegerDetails("big", 1, odd), ErrorCode.TYPE_MISMATCH, 1);
    assertThat(client.getObjectValue("list", FALLBACK, odd).asList())
        .containsExactly(new Value(1), new Value("two"));
  }

  // 1.7.3, 5.3.1, 5.3.5: stale when the source fails, ready when it is back
  @Test
  void tellsThatItIsStaleAndReadyAgain() throws Exception {
    assertThat(client.getProviderState()).isEqualTo(ProviderState.READY);
    BlockingQueue<EventDetails> stale = on(client::onProviderStale);
    source.fail("the network is down");
    refresh(config);
    source.clock().advance(Duration.ofMinutes(2));
    refresh(config);

    assertThat(next(stale).getMessage()).contains("the network is down");
    assertThat(client.getProviderState()).isEqualTo(ProviderState.STALE);
    FlagEvaluationDetails<Boolean> details = client.getBooleanDetails("bool", false, ALICE);
    assertThat(details.getValue()).isTrue();
    assertThat(details.getReason()).isEqualTo("STALE");

    var ready = new LinkedBlockingQueue<EventDetails>();
    client.on(ProviderEvent.PROVIDER_READY, ready::add);
    source.heal();
    refresh(config);
    next(ready);
    assertThat(client.getProviderState()).isEqualTo(ProviderState.READY);
    assertThat(client.getBooleanDetails("bool", false, ALICE).getReason())
        .isEqualTo("TARGETING_MATCH");
  }

  // 5.1.2, 5.2.4: which flags changed
  @Test
  void tellsWhichFieldsChanged() throws Exception {
    BlockingQueue<EventDetails> changed = on(client::onProviderConfigurationChanged);
    source.publish(Map.of("alice", Map.of("bool", false, "text", "hi"), "zero", USERS.get("zero")));

    refresh(config);

    assertThat(next(changed).getFlagsChanged())
        .containsExactlyInAnyOrder("bool", "whole", "half", "object", "big", "list", "round");
    assertThat(client.getBooleanValue("bool", true, ALICE)).isFalse();
  }

  // 2.5.1
  @Test
  void leavesTheClientOpenWhenItIsShutDown() {
    api.shutdown();

    assertThat(config.getBoolean("alice", "bool", false)).isTrue();
  }

  private static void assertError(
      FlagEvaluationDetails<?> details, ErrorCode code, Object fallback) {
    assertThat(plain(details.getValue())).isEqualTo(plain(fallback));
    assertThat(details.getReason()).isEqualTo("ERROR");
    assertThat(details.getErrorCode()).isEqualTo(code);
    assertThat(details.getErrorMessage()).isNotBlank();
  }

  /** Structures have no equals that passes over their class. */
  private static Object plain(Object value) {
    return value instanceof Value wrapped && wrapped.isStructure()
        ? wrapped.asStructure().asObjectMap()
        : value;
  }

  private static BlockingQueue<EventDetails> on(
      java.util.function.Function<Consumer<EventDetails>, ?> event) {
    var events = new LinkedBlockingQueue<EventDetails>();
    Object registered = event.apply(events::add);
    assertThat(registered).isNotNull();
    return events;
  }

  private static void refresh(ConfigClient client) {
    await(client.refreshNow());
  }

  private static boolean isInitializing() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("initialize")));
  }

  /** OpenFeature changes the state between two events and tells nobody. */
  private static void untilReady(Client client) {
    until("the provider is ready", () -> client.getProviderState() == ProviderState.READY);
  }
}
