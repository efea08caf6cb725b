package dev.satchel.sdk.openfeature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.EventProvider;
import dev.openfeature.sdk.ImmutableMetadata;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.ProviderEventDetails;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.ProviderNotReadyError;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigView;
import dev.satchel.sdk.RefreshReport;
import dev.satchel.sdk.Registration;
import dev.satchel.snapshot.SnapshotDiff;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers OpenFeature's evaluations from a client: the targeting key is the user id, the flag key
 * is the field. Safe for any thread; an evaluation touches no network.
 *
 * <pre>
 * what is found                        value    reason           error code
 * the user's value in the field        it       TARGETING_MATCH
 * the same, if client is not FRESH     it       STALE
 * no such user, or no value, or null   default  DEFAULT
 * no targeting key                     default  ERROR            TARGETING_KEY_MISSING
 * no such field                        default  ERROR            FLAG_NOT_FOUND
 * a value of another type              default  ERROR            TYPE_MISMATCH
 * nothing is served: EMPTY, or EXPIRED default  ERROR            PROVIDER_NOT_READY
 * </pre>
 *
 * A whole number is accepted as a double, and a number without fraction as an integer if it is in
 * range. An object is a list or a map. There are no variants; the flag metadata has the revision as
 * {@code revision}.
 *
 * <p>States: READY while the client is FRESH, STALE while it is STALE, ERROR while it is EMPTY or
 * EXPIRED; each swap that changes anything reports the names of the changed fields. Shutting the
 * provider down leaves the client open: its maker closes it.
 */
@SuppressWarnings("exports") // its users have OpenFeature
public final class SatchelProvider extends EventProvider {
  private static final String NAME = "satchel";

  /** The first may come as early as the event it repeats; the second is a poll later. */
  private static final int MAX_TIMES_TOLD_AGAIN = 2;

  private final ConfigClient client;
  private List<Registration> registrations = List.of(); // guarded by this

  /** After how many more attempts to repeat that the provider is ready; guarded by this. */
  private int tellReadyAgain;

  /** Makes a provider that answers from this client. */
  public SatchelProvider(ConfigClient client) {
    this.client = client;
  }

  @Override
  public Metadata getMetadata() {
    return () -> NAME;
  }

  /**
   * Starts to report events.
   *
   * @throws ProviderNotReadyError if the client has nothing to serve yet; once it has, the provider
   *     reports that it is ready
   */
  @Override
  public synchronized void initialize(EvaluationContext context) {
    stopListening();
    registrations =
        List.of(
            client.onStatus(this::tell),
            client.onChange(this::tell),
            client.onRefresh(this::tellReadyAgain));
    tellReadyAgain = 0;
    ClientStatus status = client.status();
    if (!status.isReady()) {
      tellReadyAgain = MAX_TIMES_TOLD_AGAIN;
      throw new ProviderNotReadyError(inWords(status));
    }
    if (status.state() == ClientStatus.State.STALE) {
      tell(status);
    }
  }

  @Override
  public void shutdown() {
    stopListening();
    super.shutdown();
  }

  private synchronized void stopListening() {
    registrations.forEach(Registration::close);
    registrations = List.of();
  }

  /*
   * OpenFeature puts a provider into ERROR some time after its initialize has thrown, and that
   * overwrites any event in between. A client that becomes ready just then would stay in ERROR for
   * as long as it is ready. So the event is repeated after the next attempts; at worst it says
   * nothing new.
   */
  private void tellReadyAgain(RefreshReport report) {
    if (report.status().state() == ClientStatus.State.FRESH && isToTellAgain()) {
      tell(report.status());
    }
  }

  private synchronized boolean isToTellAgain() {
    return tellReadyAgain > 0 && tellReadyAgain-- > 0;
  }

  private void tell(ClientStatus status) {
    var details = ProviderEventDetails.builder().message(inWords(status));
    switch (status.state()) {
      case FRESH -> emitProviderReady(details.build());
      case STALE -> emitProviderStale(details.build());
      case EMPTY, EXPIRED ->
          emitProviderError(details.errorCode(ErrorCode.PROVIDER_NOT_READY).build());
    }
  }

  private void tell(SnapshotDiff diff) {
    emitProviderConfigurationChanged(
        ProviderEventDetails.builder()
            .flagsChanged(List.copyOf(diff.changedFields()))
            .message(diff.toString())
            .build());
  }

  private static String inWords(ClientStatus status) {
    return status.lastFailure() == null
        ? "%s at revision %d".formatted(status.state(), status.revision())
        : "%s at revision %d: %s"
            .formatted(status.state(), status.revision(), status.lastFailure());
  }

  @Override
  public ProviderEvaluation<Boolean> getBooleanEvaluation(
      String key, Boolean otherwise, EvaluationContext context) {
    return evaluate(
        key,
        otherwise,
        context,
        "a boolean",
        node -> node.isBoolean() ? node.booleanValue() : null);
  }

  @Override
  public ProviderEvaluation<String> getStringEvaluation(
      String key, String otherwise, EvaluationContext context) {
    return evaluate(
        key, otherwise, context, "a text", node -> node.isTextual() ? node.textValue() : null);
  }

  @Override
  public ProviderEvaluation<Integer> getIntegerEvaluation(
      String key, Integer otherwise, EvaluationContext context) {
    return evaluate(key, otherwise, context, "an integer", SatchelProvider::integer);
  }

  @Override
  public ProviderEvaluation<Double> getDoubleEvaluation(
      String key, Double otherwise, EvaluationContext context) {
    return evaluate(
        key, otherwise, context, "a number", node -> node.isNumber() ? node.doubleValue() : null);
  }

  @Override
  public ProviderEvaluation<Value> getObjectEvaluation(
      String key, Value otherwise, EvaluationContext context) {
    return evaluate(
        key,
        otherwise,
        context,
        "a list or an object",
        node -> node.isContainerNode() ? Values.of(node) : null);
  }

  private static @Nullable Integer integer(JsonNode node) {
    if (!node.isNumber() || !node.canConvertToExactIntegral() || !node.canConvertToInt()) {
      return null;
    }
    return node.intValue();
  }

  /**
   * @param convert returns null for a node of another type
   */
  private <T> ProviderEvaluation<T> evaluate(
      String key,
      T otherwise,
      EvaluationContext context,
      String type,
      Function<JsonNode, @Nullable T> convert) {
    ConfigView view = client.view();
    if (view.revision() == 0) {
      return error(otherwise, ErrorCode.PROVIDER_NOT_READY, inWords(client.status()));
    }
    String userId = context == null ? null : context.getTargetingKey();
    if (userId == null || userId.isEmpty()) {
      return error(
          otherwise,
          ErrorCode.TARGETING_KEY_MISSING,
          "expected the user id as targeting key but found none");
    }
    JsonNode node = view.getJson(userId, key, MissingNode.getInstance());
    if (node.isMissingNode() && !view.fieldNames().contains(key)) {
      return error(
          otherwise,
          ErrorCode.FLAG_NOT_FOUND,
          "expected field '%s' but found %s at revision %d"
              .formatted(key, view.fieldNames(), view.revision()));
    }
    if (node.isMissingNode() || node.isNull()) {
      return found(otherwise, Reason.DEFAULT.name(), view);
    }
    T value = convert.apply(node);
    if (value == null) {
      return error(
          otherwise,
          ErrorCode.TYPE_MISMATCH,
          "expected %s in field '%s' but found another type of value".formatted(type, key));
    }
    boolean stale = client.status().state() != ClientStatus.State.FRESH;
    return found(value, stale ? "STALE" : Reason.TARGETING_MATCH.name(), view);
  }

  private static <T> ProviderEvaluation<T> found(T value, String reason, ConfigView view) {
    return ProviderEvaluation.<T>builder()
        .value(value)
        .reason(reason)
        .flagMetadata(ImmutableMetadata.builder().addLong("revision", view.revision()).build())
        .build();
  }

  private static <T> ProviderEvaluation<T> error(T otherwise, ErrorCode code, String message) {
    return ProviderEvaluation.<T>builder()
        .value(otherwise)
        .reason(Reason.ERROR.name())
        .errorCode(code)
        .errorMessage(message)
        .build();
  }
}
