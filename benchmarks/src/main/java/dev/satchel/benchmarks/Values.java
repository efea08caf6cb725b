package dev.satchel.benchmarks;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import dev.satchel.snapshot.SnapshotPatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds snapshots of synthetic users. */
public final class Values {
  /** Any moment will do, as long as it is always the same. */
  public static final Instant PUBLISHED_AT = Instant.parse("2026-01-01T00:00:00Z");

  // a publisher makes no patch above the value's bytes divided by this
  private static final int PATCH_SHARE = 8;

  // the header, as sdk/docs/format.md lays it out
  private static final int HEADER_LENGTH_AT = 4;
  private static final int HEADER_LENGTH_FROM = 8;
  private static final int DIGEST_AT = 20;
  private static final int REVISION_AT = 52;

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

  /**
   * Returns the first {@code users} users with some changes: as many users as {@code changed} have
   * the fields of the user before, and {@code replaced} users are gone, with as many new ones.
   *
   * @param variant any two have other users changed and replaced, as long as there are enough
   */
  public static byte[] changed(Profile profile, int users, int changed, int replaced, int variant) {
    SnapshotEncoder encoder = new SnapshotEncoder(profile.fields());
    int every = users / Math.max(1, changed);
    int firstNew = users + replaced * variant;
    int[] at = {0};
    @Nullable Object[][] before = {new @Nullable Object[profile.fields().size()]};
    SyntheticUsers.forEach(
        firstNew + replaced,
        profile,
        (id, values) -> {
          int user = at[0]++;
          boolean isGone = user / Math.max(1, replaced) == variant && replaced > 0;
          boolean isNew = user >= firstNew;
          if (isNew || (user < users && !isGone)) {
            boolean isChanged = !isNew && changed > 0 && user % every == (variant + 1) % every;
            encoder.add(id, isChanged ? before[0] : values);
          }
          before[0] = values.clone();
        });
    return encoder.encode(1, PUBLISHED_AT);
  }

  /** Returns the patch that a publisher makes; empty if too much differs for one. */
  public static Optional<byte[]> patch(byte[] before, byte[] after) {
    return SnapshotPatch.between(
        Snapshot.open(before),
        Snapshot.open(after),
        Digests.sha256(after),
        null,
        after.length / PATCH_SHARE);
  }

  /** Returns the same snapshot, not signed, as another revision. */
  public static byte[] withRevision(byte[] value, long revision) {
    byte[] other = value.clone();
    ByteBuffer bytes = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(REVISION_AT, revision);
    int end = HEADER_LENGTH_FROM + bytes.getInt(HEADER_LENGTH_AT);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(other, REVISION_AT, end - REVISION_AT);
      bytes.put(DIGEST_AT, digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
    return other;
  }
}
