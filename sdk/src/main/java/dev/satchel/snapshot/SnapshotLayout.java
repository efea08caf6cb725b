package dev.satchel.snapshot;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/**
 * Byte layout of a snapshot. All integers are little-endian. A varint has seven bits a byte, the
 * lowest first, the top bit set on all bytes but the last; a text is its UTF-8 length as a varint,
 * then its UTF-8 bytes.
 *
 * <p>A snapshot is a sound zstd stream: a skippable frame that holds the header, then ordinary
 * frames, each of at most {@link #FRAME_BYTES} of content. {@code zstd -d} accepts it.
 *
 * <pre>
 *   at  bytes
 *    0    4   0x184D2A5E, a skippable frame of zstd (RFC 8878, 3.1.2)
 *    4    4   bytes of the header after this place, H
 *    8    8   "SATCHEL" and a zero
 *   16    1   major version: a reader refuses any other than its own
 *   17    1   minor version: what it adds can be skipped
 *   18    1   flags: 1 if the header ends with a signature (from minor version 1 on), else zero
 *   19    1   zero
 *   20   32   SHA-256 of the bytes from 52 to the end of the header, 8 + H
 *   52    8   revision, positive
 *   60    8   when it was published, in milliseconds since 1970-01-01T00:00Z
 *   68   32   SHA-256 of the header from 100 on, which is the catalog and the signature
 *  100    4   users
 *  104    4   frames
 *  108   40   for each frame: 4 bytes stored, 4 bytes opened, SHA-256 of what is stored
 *    …        the user ids' section, then a varint with the number of fields, then each field's section
 *    …    4   for each frame: CRC-32C of what it opens to (RFC 3720, B.4), from minor version 2 on
 *    …        the signature, if there is one: {@link SnapshotSignature}
 * </pre>
 *
 * The content hash is the SHA-256 of the catalog without the signature: signed or not, the same
 * content has the same. Readers of minor version 0 take a signature for a part of the catalog that
 * they need not know, and so give another content hash; all else is the same to them.
 *
 * <p>The checksums of what frames open to check a snapshot that was never whole in one place: one
 * that a {@link SnapshotPatch} has made from the one before. They find mistakes and broken memory;
 * what keeps a forger out is the digest or the signature of the patch.
 *
 * <p>A minor version may add codecs of fields, and may put more after what is listed here and more
 * frames after the last section's: readers of versions before it ignore these, and find neither in
 * a version that they know. What a codec's descriptor and frames hold never changes.
 *
 * <p>A section is a text, the name (of the user ids: {@code user ids}); a varint, how many of the
 * frames are its own, in order from where the section before ended; a varint, bytes of its
 * descriptor; the descriptor, which starts with the name of its codec as a text. A reader skips
 * fields that it is not asked for, whatever their codec. {@link IdReader} says what follows for
 * user ids, {@link ColumnReader} for fields.
 */
final class SnapshotLayout {
  static final int SKIPPABLE_FRAME = 0x184D2A5E;
  static final long MAGIC = 0x004C_4548_4354_4153L; // "SATCHEL\0" when written little-endian
  static final int MAJOR = 1;
  static final int MINOR = 2;
  static final int MINOR_OF_SIGNATURES = 1;
  static final int MINOR_OF_CHECKSUMS = 2;
  static final byte SIGNED = 1;

  static final int SKIPPABLE_AT = 0;
  static final int HEADER_LENGTH_AT = SKIPPABLE_AT + Integer.BYTES;
  static final int MAGIC_AT = HEADER_LENGTH_AT + Integer.BYTES;
  static final int MAJOR_AT = MAGIC_AT + Long.BYTES;
  static final int MINOR_AT = MAJOR_AT + 1;
  static final int FLAGS_AT = MINOR_AT + 1;
  static final int DIGEST_AT = FLAGS_AT + 2;
  static final int DIGEST_BYTES = 32;
  static final int CHECKSUM_BYTES = 4;
  static final int REVISION_AT = DIGEST_AT + DIGEST_BYTES;
  static final int PUBLISHED_AT_AT = REVISION_AT + Long.BYTES;
  static final int CONTENT_HASH_AT = PUBLISHED_AT_AT + Long.BYTES;
  static final int CATALOG_AT = CONTENT_HASH_AT + DIGEST_BYTES;

  /** The most bytes that one frame opens to: small enough for several cores to share a section. */
  static final int FRAME_BYTES = 1 << 20;

  /** The most bytes that one snapshot may open to, whatever its header says. */
  static final long MAX_OPENED_BYTES = 512L << 20;

  /** The most bytes of the header: it names at most 512 full frames and the descriptors. */
  static final int MAX_HEADER_BYTES = 16 << 20;

  static final int MAX_FIELDS = 4096;

  /** The most bytes of one section's descriptor. */
  static final int MAX_DESCRIPTOR_BYTES = 1 << 20;

  /**
   * The most bytes of all values that are held as objects, which can take fifty times as much
   * memory.
   */
  private static final int MAX_OBJECT_BYTES = 16 << 20;

  /** Returns how many bytes of values each of this many fields may hold as objects. */
  static int objectBytes(int fields) {
    return MAX_OBJECT_BYTES / Math.max(fields, 16);
  }

  private SnapshotLayout() {}

  /** Returns a new SHA-256. This package has its own, since it depends on no other. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] sha256(byte[] bytes, int from, int to) {
    MessageDigest digest = sha256();
    digest.update(bytes, from, to - from);
    return digest.digest();
  }

  /** Returns the CRC-32C, for which processors have an instruction: twenty times as fast. */
  static int crc32c(byte[] bytes, int from, int to) {
    var checksum = new CRC32C();
    checksum.update(bytes, from, to - from);
    return (int) checksum.getValue();
  }

  /** Writes the digests of a header that is otherwise complete. */
  static void writeDigests(byte[] value, int headerEnd) {
    byte[] catalog = sha256(value, CATALOG_AT, headerEnd);
    System.arraycopy(catalog, 0, value, CONTENT_HASH_AT, DIGEST_BYTES);
    byte[] header = sha256(value, REVISION_AT, headerEnd);
    System.arraycopy(header, 0, value, DIGEST_AT, DIGEST_BYTES);
  }
}
