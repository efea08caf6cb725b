package dev.satchel.snapshot;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * A search for snapshots that surprise their reader, led by coverage. A build runs it over its
 * corpus only, which is beside it in the resources; to search for five minutes:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl sdk test -Dtest=SnapshotFuzzTest
 * </pre>
 *
 * An input is an {@link Unsealed} snapshot, so that the search is not stopped by digests.
 */
class SnapshotFuzzTest {
  @FuzzTest(maxDuration = "5m")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void whateverASnapshotSaysItIsRefusedOrRead(byte[] unsealed) {
    byte[] value;
    try {
      value = Unsealed.fromBytes(unsealed).seal();
    } catch (SnapshotFormatException e) {
      return;
    }
    Reading.openAndReadAll(value);
  }
}
