package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.snapshot.SnapshotEncoder;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds snapshots of synthetic users. */
public final class Values {
  /** Any moment will do, as long as it is always the same. */
  public static final Instant PUBLISHED_AT = Instant.parse("2026-01-01T00:00:00Z");

  private Values() {}

  /** Returns an encoder that holds the first {@code users} users. */
  public static SnapshotEncoder rows(Profile profile, int users) {
    SnapshotEncoder encoder = new SnapshotEncoder(profile.fields());
    SyntheticUsers.forEach(users, profile, encoder::add);
    return encoder;
  }

  /** Returns the value that is published for the first {@code users} users. */
  public static byte[] satchel(Profile profile, int users) {
    return rows(profile, users).encode(1, PUBLISHED_AT);
  }

  /**
   * Returns the same as {@link #satchel} with one more user, who has no fields and a version 1
   * UUID.
   */
  static byte[] satchelWithAnotherVersion(Profile profile, int users) {
    SnapshotEncoder encoder = rows(profile, users);
    @Nullable Object[] nothing = new @Nullable Object[profile.fields().size()];
    encoder.add(UUID.fromString("c232ab00-9414-11ec-b3c8-9f6bdeced846"), nothing);
    return encoder.encode(1, PUBLISHED_AT);
  }
}
