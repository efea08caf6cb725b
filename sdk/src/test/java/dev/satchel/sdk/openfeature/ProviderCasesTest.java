package dev.satchel.sdk.openfeature;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EventDetails;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvent;
import dev.openfeature.sdk.ProviderState;
import dev.openfeature.sdk.Value;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.testkit.TestSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cases that OpenFeature has for providers (open-feature/spec, {@code
 * specification/assets/provider-tck}: evaluation, errors, reason, lifecycle, events), with its
 * flags as fields of a user who is the targeting key of every evaluation. A flag that its cases
 * call disabled is a null here. Left out: variants and integers beyond 32 bits, which this provider
 * and OpenFeature's Java SDK do not have, and evaluations without a targeting key, which here are
 * an error.
 */
class ProviderCasesTest {
  private static final String MATCHING = "5c3d8535-f81a-4478-a6d3-afaa4d51199e";
  private static final String OTHER = "f20bd32d-703b-48b6-bc8e-79d53c85134a";

  private final TestSource source = TestSource.of(users("before"));
  private final ConfigClient config =
      ConfigClient.openBlocking(source, source.options().staleAfter(Duration.ofMinutes(1)).build());
  private final OpenFeatureAPI api = OpenFeatureAPI.getInstance();
  private Client client = api.getClient("cases");

  private static Map<String, Map<String, ?>> users(String changing) {
    Map<String, Object> flags = new HashMap<>();
    flags.put("boolean-flag", true);
    flags.put("string-flag", "hi");
    flags.put("integer-flag", 10);
    flags.put("float-flag", 0.5);
    flags.put("integral-float-flag", 10.0);
    flags.put("boolean-zero-flag", false);
    flags.put("string-zero-flag", "");
    flags.put("integer-zero-flag", 0);
    flags.put("float-zero-flag", 0.0);
    flags.put("large-integer-flag", Integer.MAX_VALUE);
    flags.put("wrong-flag", "uno");
    flags.put("object-flag", Map.of("showImages", true, "title", "Look!", "imagesPerPage", 100));
    for (String type : List.of("boolean", "string", "integer", "float")) {
      flags.put("disabled-" + type + "-flag", null);
    }
    flags.put("changing-flag", changing);
    Map<String, Object> matching = new HashMap<>(flags);
    matching.put("targeting-key-flag", "hit");
    return Map.of(MATCHING, matching, OTHER, Collections.unmodifiableMap(flags));
  }

  @BeforeEach
  void setTheProvider() {
    api.setProviderAndWait("cases", new SatchelProvider(config));
    client = api.getClient("cases");
  }

  @AfterEach
  void shutDown() throws Exception {
    api.shutdown();
    config.close();
  }

  private FlagEvaluationDetails<?> evaluate(
      Client by, String type, String key, String otherwise, String user) {
    var context = new ImmutableContext(user);
    return switch (type) {
      case "Boolean" -> by.getBooleanDetails(key, Boolean.valueOf(otherwise), context);
      case "String" -> by.getStringDetails(key, otherwise, context);
      case "Integer" -> by.getIntegerDetails(key, Integer.valueOf(otherwise), context);
      case "Float" -> by.getDoubleDetails(key, Double.valueOf(otherwise), context);
      default -> throw new IllegalArgumentException(type);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "boolean-flag, Boolean, false, true",
    "string-flag, String, bye, hi",
    "integer-flag, Integer, 1, 10",
    "float-flag, Float, 0.1, 0.5",
    "boolean-zero-flag, Boolean, true, false",
    "integer-zero-flag, Integer, 1, 0",
    "string-zero-flag, String, fallback, ''",
    "float-zero-flag, Float, 0.1, 0.0",
    "large-integer-flag, Integer, 1, 2147483647",
    "integral-float-flag, Integer, 1, 10",
  })
  void resolvesWithAReasonAndWithoutAnyError(
      String key, String type, String otherwise, String value) {
    FlagEvaluationDetails<?> details = evaluate(client, type, key, otherwise, OTHER);

    assertThat(details.getValue()).hasToString(value);
    assertThat(details.getReason()).isEqualTo("TARGETING_MATCH");
    assertThat(details.getErrorCode()).isNull();
    assertThat(details.getErrorMessage()).isNull();
  }

  @Test
  void resolvesAStructureWithItsMembersAndTheirTypes() {
    FlagEvaluationDetails<Value> details =
        client.getObjectDetails("object-flag", new Value(), new ImmutableContext(OTHER));

    var structure = details.getValue().asStructure();
    assertThat(structure.getValue("showImages").asBoolean()).isTrue();
    assertThat(structure.getValue("title").asString()).isEqualTo("Look!");
    assertThat(structure.getValue("imagesPerPage").asInteger()).isEqualTo(100);
    assertThat(details.getErrorCode()).isNull();
    assertThat(details.getErrorMessage()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "disabled-boolean-flag, Boolean, false",
    "disabled-string-flag, String, bye",
    "disabled-integer-flag, Integer, 1",
    "disabled-float-flag, Float, 0.1",
  })
  void aFlagThatIsDisabledAnswersTheDefaultAndIsNoError(String key, String type, String otherwise) {
    FlagEvaluationDetails<?> details = evaluate(client, type, key, otherwise, OTHER);

    assertThat(details.getValue()).hasToString(otherwise);
    assertThat(details.getReason()).isEqualTo("DEFAULT");
    assertThat(details.getErrorCode()).isNull();
    assertThat(details.getErrorMessage()).isNull();
  }

  @Test
  void theTargetingKeyDecides() {
    FlagEvaluationDetails<?> hit =
        evaluate(client, "String", "targeting-key-flag", "miss", MATCHING);
    FlagEvaluationDetails<?> miss = evaluate(client, "String", "targeting-key-flag", "miss", OTHER);

    assertThat(hit.getValue()).isEqualTo("hit");
    assertThat(hit.getReason()).isEqualTo("TARGETING_MATCH");
    assertThat(miss.getValue()).isEqualTo("miss");
    assertThat(miss.getReason()).isEqualTo("DEFAULT");
    assertThat(Arrays.asList(hit.getErrorCode(), miss.getErrorCode())).containsOnlyNulls();
  }

  @ParameterizedTest
  @CsvSource({
    "string-flag, Boolean, false, TYPE_MISMATCH",
    "string-flag, Integer, 1, TYPE_MISMATCH",
    "string-flag, Float, 0.1, TYPE_MISMATCH",
    "wrong-flag, Boolean, false, TYPE_MISMATCH",
    "boolean-flag, String, fallback, TYPE_MISMATCH",
    "boolean-flag, Integer, 1, TYPE_MISMATCH",
    "boolean-flag, Float, 0.1, TYPE_MISMATCH",
    "integer-flag, Boolean, false, TYPE_MISMATCH",
    "integer-flag, String, fallback, TYPE_MISMATCH",
    "float-flag, Boolean, false, TYPE_MISMATCH",
    "float-flag, String, fallback, TYPE_MISMATCH",
    "float-flag, Integer, 1, TYPE_MISMATCH",
    "object-flag, Boolean, false, TYPE_MISMATCH",
    "object-flag, String, fallback, TYPE_MISMATCH",
    "object-flag, Integer, 1, TYPE_MISMATCH",
    "object-flag, Float, 0.1, TYPE_MISMATCH",
    "missing-flag, String, fallback, FLAG_NOT_FOUND",
  })
  void answersTheDefaultAndSaysWhatIsWrong(
      String key, String type, String otherwise, ErrorCode code) {
    FlagEvaluationDetails<?> details = evaluate(client, type, key, otherwise, OTHER);

    assertThat(details.getValue()).hasToString(otherwise);
    assertThat(details.getReason()).isEqualTo("ERROR");
    assertThat(details.getErrorCode()).isEqualTo(code);
  }

  @Test
  void becomesReadyWhereItsSourceAnswersAndReportsAnErrorWhereItDoesNot() throws Exception {
    assertThat(client.getProviderState()).isEqualTo(ProviderState.READY);
    TestSource down = TestSource.empty();
    down.fail("connection refused");
    ConfigClient without = down.open();
    Client unavailable = api.getClient("unavailable");
    var failed = new LinkedBlockingQueue<EventDetails>();
    unavailable.on(ProviderEvent.PROVIDER_ERROR, failed::add);

    api.setProvider("unavailable", new SatchelProvider(without));

    assertThat(failed.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(unavailable.getProviderState()).isEqualTo(ProviderState.ERROR);
    FlagEvaluationDetails<?> details =
        evaluate(unavailable, "Boolean", "boolean-flag", "false", OTHER);
    assertThat(details.getValue()).isEqualTo(false);
    assertThat(details.getReason()).isEqualTo("ERROR");
    without.close();
  }

  @Test
  void aChangeIsTellingWhichFlagAndIsThereWhenItIsTold() throws Exception {
    var changed = new LinkedBlockingQueue<EventDetails>();
    client.on(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, changed::add);
    assertThat(evaluate(client, "String", "changing-flag", "unset", OTHER).getValue())
        .isEqualTo("before");

    source.publish(users("after"));
    await(config.refreshNow());

    EventDetails told = next(changed);
    assertThat(told.getFlagsChanged()).containsExactly("changing-flag");
    assertThat(evaluate(client, "String", "changing-flag", "unset", OTHER).getValue())
        .isEqualTo("after");
  }
}
