package dev.satchel.benchmarks;

import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.SnapshotSource;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** An SDK client, as an application uses it, over a value that is in memory. */
final class ClientLookup {
  static final String FIELD = "preview_features_enabled";

  private ClientLookup() {}

  static ConfigClient client(byte[] value) {
    return client(new PatchSource(value));
  }

  private static ConfigClient client(SnapshotSource source) {
    ConfigClientOptions options =
        ConfigClientOptions.builder()
            .whenNothing(ConfigClientOptions.WhenNothing.FAIL)
            .pollInterval(Duration.ofDays(1)) // a poll would be measured along with the lookups
            .requestBudget(1_000_000) // a hundred patches come at once
            .startTimeout(Duration.ofMinutes(1))
            .build();
    return ConfigClient.openBlocking(source, options);
  }

  static Lookup byHandle(byte[] value) {
    return byHandle(client(value));
  }

  /**
   * Returns a client that has followed a patch to each of the revisions after the first, one after
   * the other.
   *
   * @param value the last revision
   * @param others what the revisions before say, in turn
   */
  static Lookup byHandleAfterPatches(byte[] value, List<byte[]> others, int patches) {
    byte[] before = Values.withRevision(others.get(0), 1);
    PatchSource source = new PatchSource(before);
    ConfigClient client = client(source);
    for (int made = 1; made <= patches; made++) {
      boolean isLast = made == patches;
      byte[] after =
          Values.withRevision(isLast ? value : others.get(made % others.size()), made + 1);
      byte[] patch = Values.patch(before, after).orElseThrow();
      client.getBoolean("any", FIELD, false); // a patch makes fields that are open
      source.publish(after, patch);
      ClientStatus status = client.refreshBlocking();
      if (status.revision() != made + 1) {
        throw new IllegalStateException("expected revision " + (made + 1) + ": " + status);
      }
      before = after;
    }
    if (source.valuesTaken() != 1) {
      throw new IllegalStateException("expected one value, but found " + source.valuesTaken());
    }
    return byHandle(client);
  }

  private static Lookup byHandle(ConfigClient client) {
    BooleanField preview = client.booleanField(FIELD);
    return new Lookup() {
      @Override
      public boolean isPreview(UUID id) {
        return preview.get(id, false);
      }

      @Override
      public boolean isPreview(String id) {
        return preview.get(id, false);
      }

      @Override
      public void previews(UUID[] ids, boolean[] into) {
        preview.getAll(ids, into);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  static Lookup byName(byte[] value) {
    ConfigClient client = client(value);
    return new Lookup() {
      @Override
      public boolean isPreview(UUID id) {
        return client.getBoolean(id, FIELD, false);
      }

      @Override
      public boolean isPreview(String id) {
        return client.getBoolean(id, FIELD, false);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }
}
