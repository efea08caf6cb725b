package dev.satchel.publisher;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the key of the snapshot to look into. */
final class KeyOption {
  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "the snapshot's key in KV (SATCHEL_KEY)")
  private @Nullable String key;

  /** Returns the variables with the given option in place of its variable. */
  Map<String, String> over(Map<String, String> env) {
    var all = new HashMap<>(env);
    PublishOptions.putIfGiven(all, PublisherSettings.KEY, key);
    return all;
  }
}
