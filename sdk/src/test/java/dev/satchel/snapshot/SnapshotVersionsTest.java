package dev.satchel.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What readers do with snapshots of writers that know more than they. */
class SnapshotVersionsTest {
  private final Unsealed sample = Unsealed.of(Samples.small());

  @Test
  void aFieldOfAnUnknownCodecIsRefusedByNameWhenItIsAskedForAndNoOtherIs() {
    ByteWriter descriptor = new ByteWriter();
    descriptor.text("entangled");
    descriptor.i64(42);
    byte[] value =
        sample
            .plus(new Unsealed.Part("new", descriptor.toByteArray(), List.of(new byte[] {1, 2})))
            .seal();

    Snapshot snapshot = Snapshot.open(value);

    assertThat(snapshot.fieldNames()).containsExactly("flag", "mixed", "new");
    assertThat(snapshot.sections().get(3).codec()).isEqualTo("entangled");
    assertThat(Samples.field(snapshot, "flag").value(0)).isInstanceOf(Boolean.class);
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(() -> snapshot.field("new"))
          .isInstanceOf(SnapshotFormatException.class)
          .hasMessageContaining("entangled")
          .hasMessageContaining("of new");
    }
  }

  @Test
  void userIdsOfAnUnknownCodecAreRefusedByName() {
    ByteWriter descriptor = new ByteWriter();
    descriptor.text("entangled");
    byte[] value = sample.with(0, sample.parts().get(0).with(descriptor.toByteArray())).seal();
    assertThatThrownBy(() -> Snapshot.open(value))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessageContaining("entangled");
  }

  @Test
  void aLaterMinorVersionIsReadAndWhatItAddsIgnored() {
    byte[] value = sample.seal("what nobody knows yet".getBytes(UTF_8));
    value[SnapshotLayout.MINOR_AT] = SnapshotLayout.MINOR + 1;
    Snapshot snapshot = Snapshot.open(value);
    assertThat(Reading.all(snapshot)).isEqualTo(Reading.all(Snapshot.open(sample.seal())));
  }

  @Test
  void inTheMinorVersionThatAReaderKnowsNothingIsAdded() {
    byte[] value = sample.seal("what nobody knows".getBytes(UTF_8));
    assertThatThrownBy(() -> Snapshot.open(value)).hasMessageContaining("the end");
  }

  @Test
  void anotherMajorVersionIsRefusedByNumber() {
    for (int major : new int[] {0, 2, 255}) {
      byte[] value = sample.seal();
      value[SnapshotLayout.MAJOR_AT] = (byte) major;
      assertThatThrownBy(() -> Snapshot.open(value))
          .isInstanceOf(SnapshotFormatException.class)
          .hasMessageContaining("expected major version 1 but found " + major);
    }
  }
}
