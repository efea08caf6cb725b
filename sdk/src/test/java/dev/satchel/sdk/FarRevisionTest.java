package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.Digests;
import dev.satchel.kv.MemoryKv;
import dev.satchel.sdk.ClientStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revisions that are more than a day ahead of the clock, from which there would be no way back. */
class FarRevisionTest {
  private static final String KEY = ConfigClientOptions.DEFAULT_KEY;
  private static final Instant START = Instant.parse("2026-03-01T13:00:00Z");
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long NOW = START.toEpochMilli();

  @TempDir Path directory;
  private final MemoryKv kv = new MemoryKv();
  private volatile Instant now = START;

  private ConfigClientOptions.Builder options() {
    return ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).clock(() -> now);
  }

  private ConfigClient open(ConfigClientOptions.Builder options) {
    return await(Waiting.opening(kv, options.build()));
  }

  private static Publication publication(long revision) {
    return Publication.ofFlag(revision, "alice", true);
  }

  @ParameterizedTest
  @ValueSource(longs = {NOW_AND_A_DAY + 1, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  void oneFarAheadIsToldAndNotFollowedAndTheNextTrueOneIsTaken(long far) {
    publication(NOW).putTo(kv, KEY);
    ConfigClient client = open(options());
    int fetches = kv.valueReads();

    publication(far).putTo(kv, KEY);
    ClientStatus status = await(client.refreshNow());

    assertThat(status.revision()).isEqualTo(NOW);
    assertThat(status.lastFailure())
        .startsWith(
            "expected a revision from 1 to %d, a day ahead of the clock, but found %d under"
                .formatted(NOW + DAY, far))
        .endsWith("; it is not followed");
    assertThat(kv.valueReads()).as("values fetched").isEqualTo(fetches);

    publication(NOW + DAY).putTo(kv, KEY);
    assertThat(await(client.refreshNow()).revision()).isEqualTo(NOW + DAY);
  }

  private static final long NOW_AND_A_DAY = 1_772_456_400_000L;

  @Test
  void whatWasTakenWhileTheClockWasAheadDoesNotKeepTheTrueOnesOut() {
    assertThat(NOW_AND_A_DAY).isEqualTo(NOW + DAY);
    now = START.plus(Duration.ofDays(400));
    publication(NOW + 300 * DAY).putTo(kv, KEY);
    ConfigClient client = open(options());
    assertThat(client.status().revision()).isEqualTo(NOW + 300 * DAY);

    now = START;
    publication(NOW).putTo(kv, KEY);
    ClientStatus status = await(client.refreshNow());

    assertThat(status.revision()).isEqualTo(NOW);
    assertThat(status.lastFailure()).isNull();
  }

  @Test
  void aCopyOfOneOnDiskIsPassedOverAndClearedAway() throws IOException {
    publication(NOW).putTo(kv, KEY);
    open(options().copyDirectory(directory)).close();
    byte[] far = publication(Long.MAX_VALUE).value();
    Path copy;
    try (var files = Files.list(directory)) {
      copy = files.filter(file -> file.toString().endsWith(".satchel")).findFirst().orElseThrow();
    }
    String name = copy.getFileName().toString();
    Path farCopy =
        directory.resolve(
            name.substring(0, name.indexOf('@') + 1)
                + Long.MAX_VALUE
                + "."
                + Digests.sha256(far)
                + ".satchel");
    Files.write(farCopy, far);

    kv.set(MemoryKv.Mode.REFUSING);
    ConfigClient refused =
        open(options().copyDirectory(directory).startTimeout(Duration.ofMillis(200)));
    ClientStatus status = refused.status();
    refused.close(); // or it asks again, while other tests run
    assertThat(status.revision()).isEqualTo(NOW);
    assertThat(status.state()).isEqualTo(State.STALE);

    kv.set(MemoryKv.Mode.SOUND);
    publication(NOW + 1).putTo(kv, KEY);
    assertThat(open(options().copyDirectory(directory)).status().revision()).isEqualTo(NOW + 1);
    Waiting.until("the far copy is gone", () -> Files.notExists(farCopy));
    assertThat(copy).exists();
  }

  @Test
  void oneThatIsPinnedIsTakenBecauseAPersonNamedIt() {
    publication(Long.MAX_VALUE).putTo(kv, KEY + "@" + Long.MAX_VALUE);

    assertThat(open(options().pinnedRevision(Long.MAX_VALUE)).status().revision())
        .isEqualTo(Long.MAX_VALUE);
  }
}
