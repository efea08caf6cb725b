package dev.satchel.snapshot;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Timeout;

/**
 * A search for snapshots that surprise their reader, led by coverage. A build runs it over its
 * corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl sdk -am test -Dtest=SnapshotFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * An input is an {@link Unsealed} snapshot, so that the search is not stopped by digests.
 */
class SnapshotFuzzTest {
  @FuzzTest
  @Timeout(10)
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
