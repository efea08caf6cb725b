package dev.satchel.snapshot;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Timeout;

/**
 * A search for patches that surprise their reader, led by coverage. A build runs it over its corpus
 * only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl sdk -am test -Dtest=PatchFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * An input is the body of a patch to a sample, so that the search is not stopped by digests.
 */
class PatchFuzzTest {
  private static final byte[] BEFORE = Samples.codecs(7, 300);
  private static final byte[] PATCH = Samples.patch(BEFORE, Samples.codecs(8, 303));

  @FuzzTest
  @Timeout(10)
  void whateverAPatchSaysItIsRefusedOrMakesASnapshot(byte[] body) {
    Snapshot before = Snapshot.open(BEFORE);
    if (body.length > SnapshotPatch.MAX_BYTES / 2) {
      return;
    }
    try {
      Reading.all(SnapshotPatch.of(UnsealedPatch.seal(PATCH, body, before)).applyTo(before));
    } catch (SnapshotFormatException refused) {
      // what a patch that is not sound comes to
    }
  }
}
