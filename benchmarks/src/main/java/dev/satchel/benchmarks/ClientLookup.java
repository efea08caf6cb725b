package dev.satchel.benchmarks;

import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** An SDK client, as an application uses it, over a value that is in memory. */
final class ClientLookup {
  static final String FIELD = "preview_features_enabled";

  private ClientLookup() {}

  static ConfigClient client(byte[] value) {
    SnapshotSource source =
        new SnapshotSource() {
          @Override
          public Optional<Announcement> announcement() {
            return Optional.of(
                new Announcement("1", Announcement.UNKNOWN, null, Announcement.UNKNOWN));
          }

          @Override
          public Optional<byte[]> value(Announcement announced) {
            return Optional.of(value.clone());
          }

          @Override
          public String toString() {
            return "memory";
          }
        };
    ConfigClientOptions options =
        ConfigClientOptions.builder()
            .whenNothing(ConfigClientOptions.WhenNothing.FAIL)
            .pollInterval(Duration.ofDays(1)) // a poll would be measured along with the lookups
            .startTimeout(Duration.ofMinutes(1))
            .build();
    return ConfigClient.openBlocking(source, options);
  }

  static Lookup byHandle(byte[] value) {
    ConfigClient client = client(value);
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
