package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.snapshot.SnapshotEncoder;
import java.time.Instant;

/** Snapshots of synthetic users. */
public final class Values {
  /** Any will do, as long as it is always the same. */
  public static final Instant PUBLISHED_AT = Instant.parse("2026-01-01T00:00:00Z");

  private Values() {}

  /** An encoder that holds the first {@code users} users. */
  public static SnapshotEncoder rows(Profile profile, int users) {
    SnapshotEncoder encoder = new SnapshotEncoder(profile.fields());
    SyntheticUsers.forEach(users, profile, encoder::add);
    return encoder;
  }

  /** The value that is published for the first {@code users} users. */
  public static byte[] satchel(Profile profile, int users) {
    return rows(profile, users).encode(1, PUBLISHED_AT);
  }
}
