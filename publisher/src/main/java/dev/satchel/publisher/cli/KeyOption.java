package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.PublisherSettings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the snapshot to look into. */
final class KeyOption {
  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "where the snapshot lies in KV (SATCHEL_KEY)")
  private @Nullable String key;

  /** The variables, with the given option in its place. */
  Map<String, String> over(Map<String, String> env) {
    var all = new HashMap<>(env);
    PublishOptions.putIfGiven(all, PublisherSettings.KEY, key);
    return all;
  }
}
