package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which damage is found when a value is opened, and which only by its digests. */
class SnapshotProofTest {
  /** In the descriptor of a zstd frame's header, behind its magic; it has no meaning. */
  private static final int UNUSED_AT = 4;

  private static final int UNUSED_BIT = 1 << 4;

  private static byte[] value() {
    SnapshotEncoder encoder = new SnapshotEncoder(List.of("flag", "plan"));
    for (int i = 0; i < 1000; i++) {
      encoder.add(new UUID(i * 0x9E3779B97F4A7C15L, i), new Object[] {i % 3 == 0, "plan " + i % 7});
    }
    return encoder.encode(1, Samples.PUBLISHED_AT);
  }

  private static int firstFrameOf(byte[] value, int section) {
    Catalog catalog = Catalog.of(value);
    return catalog.starts[catalog.firstFrame(section)];
  }

  /** Returns the value with a change that its frame opens in spite of, to the same bytes. */
  private static byte[] changedButOpeningToTheSame(byte[] value, int section) {
    byte[] changed = value.clone();
    changed[firstFrameOf(value, section) + UNUSED_AT] ^= UNUSED_BIT;
    return changed;
  }

  @Test
  void openingComparesTheUserIdsWithTheirChecksum() {
    byte[] damaged = value();
    int checksums = SnapshotLayout.CHECKSUM_BYTES * Catalog.of(damaged).frames();
    int headerEnd = firstFrameOf(damaged, 0);
    damaged[headerEnd - checksums] ^= 1;
    Unsealed.resealHeader(damaged, headerEnd);

    assertThatThrownBy(() -> Snapshot.open(damaged))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessage("expected the checksum of the header but found another in frame 0 of user ids");
  }

  @Test
  void aFieldIsComparedWithItsChecksumWhenItIsAskedForAndNoOtherIsAffected() {
    byte[] damaged = value();
    int headerEnd = firstFrameOf(damaged, 0);
    damaged[headerEnd - 1] ^= 1; // the last frame is the last field's
    Unsealed.resealHeader(damaged, headerEnd);

    Snapshot snapshot = Snapshot.open(damaged);

    assertThat(snapshot.field("flag")).isNotNull();
    assertThatThrownBy(() -> snapshot.field("plan"))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessageContaining("checksum")
        .hasMessageEndingWith("of field plan");
  }

  @Test
  void openingWholeRefusesAChangeOfAnyFrameEvenIfItOpensToTheSame() {
    byte[] value = value();
    for (int section = 0; section < 3; section++) {
      byte[] changed = changedButOpeningToTheSame(value, section);
      assertThatCode(() -> Reading.openAndReadAll(changed)).doesNotThrowAnyException();
      assertThatThrownBy(() -> Snapshot.openWhole(changed))
          .isInstanceOf(SnapshotFormatException.class)
          .hasMessageContaining("expected the digest of the header but found another in frame");
    }
  }

  @Test
  void openingWholeSaysTheSame() {
    byte[] value = value();
    assertThat(Reading.all(Snapshot.openWhole(value))).isEqualTo(Reading.all(Snapshot.open(value)));
  }

  @Test
  void valuesWithoutChecksumsAreComparedWithTheirDigestsWhenOpened() {
    byte[] value = value();
    byte[] old = withoutChecksums(value);

    assertThat(Reading.all(Snapshot.open(old))).isEqualTo(Reading.all(Snapshot.open(value)));
    assertThatThrownBy(() -> Snapshot.open(changedButOpeningToTheSame(old, 0)))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessage("expected the digest of the header but found another in frame 0 of user ids");
    Snapshot snapshot = Snapshot.open(changedButOpeningToTheSame(old, 2));
    assertThat(snapshot.field("flag")).isNotNull();
    assertThatThrownBy(() -> snapshot.field("plan"))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessageContaining("expected the digest of the header");
  }

  /** Returns the value as the minor version before wrote it. */
  private static byte[] withoutChecksums(byte[] value) {
    int headerEnd = firstFrameOf(value, 0);
    int checksums = SnapshotLayout.CHECKSUM_BYTES * Catalog.of(value).frames();
    byte[] old = new byte[value.length - checksums];
    System.arraycopy(value, 0, old, 0, headerEnd - checksums);
    System.arraycopy(value, headerEnd, old, headerEnd - checksums, value.length - headerEnd);
    old[SnapshotLayout.MINOR_AT] = SnapshotLayout.MINOR_OF_CHECKSUMS - 1;
    LittleEndian.putInt(
        old, SnapshotLayout.HEADER_LENGTH_AT, headerEnd - checksums - SnapshotLayout.MAGIC_AT);
    Unsealed.resealHeader(old, headerEnd - checksums);
    return old;
  }
}
