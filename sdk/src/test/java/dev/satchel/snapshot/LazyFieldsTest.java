package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who asks for one field does not pay for the others. */
class LazyFieldsTest {
  private static final int USERS = 100_000;

  @Test
  void oneFlagForEachUserTakesLittleMoreMemoryThanItsValue() {
    Snapshot snapshot = snapshot(List.of("flag"));
    Samples.field(snapshot, "flag");

    assertThat(snapshot.isOpen("flag")).isTrue();
    assertThat(snapshot.heldBytes()).isLessThan(15L * USERS);
  }

  @Test
  void askingForOneFieldOpensNoOther() {
    Snapshot snapshot = snapshot(List.of("flag", "email", "username"));
    long unopened = snapshot.heldBytes();

    Samples.field(snapshot, "flag");
    snapshot.sections();

    assertThat(snapshot.isOpen("flag")).isTrue();
    assertThat(snapshot.isOpen("email")).isFalse();
    assertThat(snapshot.isOpen("username")).isFalse();
    assertThat(snapshot.heldBytes()).isLessThan(unopened + USERS / 4);
    assertThat(snapshot.heldBytes()).isLessThan(30L * USERS);

    assertThat(Samples.field(snapshot, "email").stringAt(0, "")).endsWith("@example.org");
    assertThat(snapshot.isOpen("username")).as("email starts with it").isTrue();
    assertThat(snapshot.heldBytes()).isLessThan(60L * USERS);
  }

  @Test
  void sectionsTellWhatAFieldWeighsBeforeAndAfterItIsOpened() {
    Snapshot snapshot = snapshot(List.of("flag", "email", "username"));
    List<Section> before = snapshot.sections();
    snapshot.fieldNames().forEach(snapshot::field);
    assertThat(snapshot.sections()).isEqualTo(before);
    assertThat(before.get(0).openedBytes()).isBetween(13L * USERS, 15L * USERS);
    assertThat(before.get(1).openedBytes()).isBetween(USERS / 8L, USERS / 8L + 2);
    assertThat(before.get(1).valueBytes()).isBetween(USERS / 10L, USERS / 8L);
    long sum = before.stream().mapToLong(Section::valueBytes).sum();
    assertThat(sum).isBetween(value(snapshot.fieldNames()).length - 200L, (long) Integer.MAX_VALUE);
    assertThat(sum).isLessThan(value(snapshot.fieldNames()).length);
  }

  private static Snapshot snapshot(List<String> fields) {
    return Snapshot.open(value(fields));
  }

  private static byte[] value(List<String> fields) {
    Random random = new Random(11);
    SnapshotEncoder encoder = new SnapshotEncoder(fields);
    for (int i = 0; i < USERS; i++) {
      String name = "brave-tiger-" + Integer.toString(random.nextInt(), 36) + i;
      Object[] row = {random.nextInt(10) < 3, name + "@example.org", name};
      encoder.add(
          new UUID(
              (random.nextLong() & ~0xF000L) | 0x4000,
              (random.nextLong() & ~(3L << 62)) | 2L << 62),
          fields.size() == 1 ? new Object[] {row[0]} : row);
    }
    return encoder.encode(1, Samples.PUBLISHED_AT);
  }
}
