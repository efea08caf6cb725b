package dev.satchel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Snapshots for measuring patches are those that a publisher would have made. */
class ValuesTest {
  private static final int USERS = 10_000;

  @Test
  void anotherRevisionDiffersInItsRevisionOnly() {
    byte[] first = Values.satchel(Profile.TYPICAL, USERS);
    byte[] encoded =
        Values.rows(Profile.TYPICAL, USERS).encode(1_234_567_890_123L, Values.PUBLISHED_AT);

    assertThat(Values.withRevision(first, 1_234_567_890_123L)).isEqualTo(encoded);
    assertThat(Snapshot.open(first).revision()).isEqualTo(1);
  }

  @Test
  void asManyUsersChangeAndAreReplacedAsAsked() {
    Snapshot before = Snapshot.open(Values.satchel(Profile.TUTORIAL, USERS));
    for (int variant = 0; variant < 4; variant++) {
      Snapshot after = Snapshot.open(Values.changed(Profile.TUTORIAL, USERS, 100, 10, variant));

      assertThat(after.users()).isEqualTo(USERS);
      long kept =
          IntStream.range(0, USERS)
              .filter(user -> before.find((UUID) after.id(user)) != Snapshot.NO_USER)
              .count();
      assertThat(kept).isEqualTo(USERS - 10);
    }
  }

  @Test
  void aPatchLeadsFromOneToTheOther() {
    byte[] before = Values.withRevision(Values.changed(Profile.TYPICAL, USERS, 10, 10, 0), 1);
    byte[] after = Values.withRevision(Values.changed(Profile.TYPICAL, USERS, 10, 10, 1), 2);

    SnapshotPatch patch = SnapshotPatch.of(Values.patch(before, after).orElseThrow());

    assertThat(patch.from()).isEqualTo(1);
    assertThat(patch.applyTo(Snapshot.open(before)).contentHash())
        .isEqualTo(Snapshot.open(after).contentHash());
  }

  @Test
  void aClientAfterAHundredPatchesAnswersAsOneThatFetched() {
    List<UUID> ids = new ArrayList<>();
    SyntheticUsers.forEach(USERS + 100, Profile.TYPICAL, (id, values) -> ids.add(id));
    Lookup fetched = Contender.SATCHEL.open(Profile.TYPICAL, USERS);
    Lookup patched = Contender.SATCHEL_PATCHED.open(Profile.TYPICAL, USERS);
    try {
      assertThat(ids)
          .allSatisfy(id -> assertThat(patched.isPreview(id)).isEqualTo(fetched.isPreview(id)));
    } finally {
      patched.close();
      fetched.close();
    }
  }
}
