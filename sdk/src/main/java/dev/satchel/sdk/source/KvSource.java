package dev.satchel.sdk.source;

import dev.satchel.kv.KvException;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.KvReader;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.kv.PublishedValue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot under one KV key, announced by the metadata that is stored with it.
 *
 * @param identity tells the namespace from all others
 * @param whenClosed frees what was made only for this source
 */
record KvSource(KvReader kv, String key, String identity, Runnable whenClosed)
    implements SnapshotSource {
  private static final int TOO_MANY_REQUESTS = 429;

  private interface Call<T> {
    T make() throws InterruptedException;
  }

  @Override
  public Optional<Announcement> announcement() throws InterruptedException {
    return told(() -> kv.metadata(key)).map(this::announcementIn);
  }

  @Override
  public Optional<byte[]> value(Announcement announced) throws InterruptedException {
    int expected = (int) Math.min(Math.max(0, announced.bytes()), KvLimits.MAX_VALUE_BYTES);
    String sha256 = announced.sha256();
    return told(() -> sha256 == null ? kv.value(key, expected) : kv.value(key, expected, sha256));
  }

  @Override
  public Optional<byte[]> patch(long revision, AnnouncedPatch patch) throws InterruptedException {
    return told(() -> kv.value(PublishedPatch.key(key, revision), patch.bytes()));
  }

  private static <T> T told(Call<T> call) throws InterruptedException {
    try {
      return call.make();
    } catch (KvException e) {
      String message = String.valueOf(e.getMessage());
      Duration retryAfter = e.retryAfter().orElse(null);
      if (e.status() == TOO_MANY_REQUESTS) {
        throw SourceException.tooOften(message, retryAfter);
      }
      throw e.mayPass()
          ? SourceException.passing(message, retryAfter)
          : SourceException.lasting(message);
    }
  }

  private Announcement announcementIn(Map<String, @Nullable Object> metadata) {
    PublishedValue published =
        PublishedValue.of(metadata)
            .orElseThrow(
                () ->
                    SourceException.lasting(
                        "expected a revision and a sha256 in the metadata of key '%s' but found %s"
                            .formatted(key, metadata.keySet())));
    return new Announcement(
        published.sha256(),
        published.revision(),
        published.sha256(),
        published.bytes() == 0 ? Announcement.UNKNOWN : published.bytes(),
        PublishedPatch.of(metadata)
            .map(patch -> new AnnouncedPatch(patch.from(), patch.bytes(), patch.sha256()))
            .orElse(null));
  }

  @Override
  public void close() {
    whenClosed.run();
  }

  @Override
  public String toString() {
    return "key '" + key + "'";
  }
}
