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
    Catalog catalog = Catalog.of(value);
    long opened = 0;
    for (int frame = 0; frame < catalog.frames(); frame++) {
      opened += catalog.openedBytes(frame);
    }
    return new SnapshotHeader(
        catalog.revision(),
        catalog.publishedAt(),
        catalog.users,
        catalog.sections.size() - 1,
        opened);
  }
}
