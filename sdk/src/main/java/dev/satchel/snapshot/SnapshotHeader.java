package dev.satchel.snapshot;

import java.time.Instant;

/**
 * What a value claims to be, read from its header alone: cheap, whatever the claims are. The header
 * has the digests that it should have; what comes behind it has not been looked at.
 *
 * @param users how many users it claims
 * @param fields how many fields it claims
 * @param openedBytes how many bytes its frames open to, at most 512 MiB
 */
public record SnapshotHeader(
    long revision, Instant publishedAt, int users, int fields, long openedBytes) {

  /**
   * Reads the header of a value.
   *
   * @throws SnapshotFormatException if it is not sound
   */
  public static SnapshotHeader of(byte[] value) {
    int end = SnapshotSignature.catalogEnd(value, Snapshot.checkHeader(value));
    ByteReader catalog = new ByteReader(value, SnapshotLayout.CATALOG_AT, end, "the header");
    int users = catalog.count("users", Integer.MAX_VALUE - 8);
    int frames = catalog.count("frames", catalog.remaining() / Frames.ENTRY_BYTES);
    byte[] table = catalog.bytes(frames * Frames.ENTRY_BYTES, "the frame table");
    long opened = 0;
    for (int frame = 0; frame < frames; frame++) {
      opened += Frames.openedBytes(table, frame) & 0xFFFFFFFFL;
    }
    Snapshot.contents(catalog, 0, frames); // the user ids
    return new SnapshotHeader(
        Snapshot.revision(value),
        Snapshot.publishedAt(value),
        users,
        catalog.varintCount("fields", SnapshotLayout.MAX_FIELDS),
        opened);
  }
}
