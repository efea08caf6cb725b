package dev.satchel.sdk;

import dev.satchel.http.NetworkOptions;
import dev.satchel.sdk.ConfigClientOptions.WhenExpired;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import dev.satchel.snapshot.VerifyingKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The options that environment variables describe. */
final class EnvOptions {
  private EnvOptions() {}

  static ConfigClientOptions of(Map<String, String> env) {
    var variables = new Variables(env);
    var builder = ConfigClientOptions.builder();
    variables.set("SATCHEL_KEY", "user-configs", text -> builder.key(text));
    variables.setDuration("SATCHEL_POLL_INTERVAL", builder::pollInterval);
    variables.setDuration("SATCHEL_CALL_TIMEOUT", builder::callTimeout);
    variables.setDuration("SATCHEL_START_TIMEOUT", builder::startTimeout);
    variables.setChoice("SATCHEL_WHEN_NOTHING", WhenNothing.values(), builder::whenNothing);
    variables.set("SATCHEL_COPY_DIR", "/var/lib/app", text -> builder.copyDirectory(Path.of(text)));
    variables.set("SATCHEL_BUNDLED", "/app/a.satchel", text -> builder.bundledFile(Path.of(text)));
    variables.setDuration("SATCHEL_STALE_AFTER", builder::staleAfter);
    variables.setDuration("SATCHEL_EXPIRE_AFTER", builder::expireAfter);
    variables.setChoice("SATCHEL_WHEN_EXPIRED", WhenExpired.values(), builder::whenExpired);
    variables.set(
        "SATCHEL_PINNED_REVISION",
        "1772366400000",
        text -> builder.pinnedRevision(Long.parseLong(text)));
    variables.set(
        "SATCHEL_REQUEST_BUDGET", "240", text -> builder.requestBudget(Integer.parseInt(text)));
    variables.set(
        "SATCHEL_PUBLIC_KEYS",
        "what satchel keygen prints",
        text ->
            builder.publicKeys(
                Arrays.stream(text.split(",", -1)).map(VerifyingKey::parse).toList()));
    variables.set(
        "SATCHEL_EXPECTED_FIELDS",
        "preview_features_enabled:boolean",
        text -> builder.expectedFields(ExpectedFields.parse(text)));
    return builder.network(NetworkOptions.fromEnv(env)).build();
  }
}
