package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What turns one snapshot into a later one. Whoever takes a patch proves it first, by the SHA-256
 * that names it or by its signature; the checksums of the later snapshot's header then find
 * mistakes in applying it. Immutable, safe for any thread.
 *
 * <p>All integers are little-endian; varints are those of {@link SnapshotLayout}.
 *
 * <pre>
 *   at  bytes
 *    0    8   "SATPATCH"
 *    8    1   version: a reader refuses any other than its own
 *    9    1   flags: 1 if signed
 *   10    2   zero
 *   12    8   revision of the snapshot before
 *   20    8   revision of the snapshot after
 *   28   32   content hash of the snapshot before
 *   60   32   SHA-256 of the whole value that the snapshot after was published as
 *   92    4   bytes of the patch to the snapshot before, 0 if none is known
 *   96    8   the revision that patch is from, else 0
 *  104   32   its SHA-256, else zero
 *  136    4   bytes that the body opens to
 *  140    …   the body: a zstd frame, whose dictionary is the catalog of the snapshot before
 *    …   72   if signed: {@link SnapshotSignature}
 * </pre>
 *
 * The signed text is "satchel-patch-1" and a zero, the SHA-256 of everything before the signature,
 * and the KV key in UTF-8.
 *
 * <p>The body:
 *
 * <pre>
 * varint bytes of the header of the snapshot after; that header
 * varint number of {@link RowEdits}, all of them
 * for each section of the snapshot after: 0 if the section before of the same name has the same
 *   bytes; else 1, varint number of runs, and a {@link RunEdit} for each
 * </pre>
 *
 * The user ids are one section and belong to each other; fields do so by name.
 */
public final class SnapshotPatch {
  /** The largest patch that a reader takes: a quarter of the largest value. */
  public static final int MAX_BYTES = 26_214_400 / 4;

  static final long MAGIC = 0x4843_5441_5054_4153L; // "SATPATCH" when written little-endian
  static final int VERSION = 1;
  static final int VERSION_AT = Long.BYTES;
  static final int FLAGS_AT = VERSION_AT + 1;
  static final int FROM_AT = VERSION_AT + 4;
  static final int TO_AT = FROM_AT + Long.BYTES;
  static final int CONTENT_HASH_AT = TO_AT + Long.BYTES;
  static final int VALUE_SHA256_AT = CONTENT_HASH_AT + SnapshotLayout.DIGEST_BYTES;
  static final int EARLIER_BYTES_AT = VALUE_SHA256_AT + SnapshotLayout.DIGEST_BYTES;
  static final int EARLIER_FROM_AT = EARLIER_BYTES_AT + Integer.BYTES;
  static final int EARLIER_SHA256_AT = EARLIER_FROM_AT + Long.BYTES;
  static final int BODY_BYTES_AT = EARLIER_SHA256_AT + SnapshotLayout.DIGEST_BYTES;
  static final int BODY_AT = BODY_BYTES_AT + Integer.BYTES;

  /** The most bytes that a body opens to. */
  static final int MAX_BODY_BYTES = 32 << 20;

  private static final byte SIGNED = 1;
  private static final byte[] DOMAIN = "satchel-patch-1\0".getBytes(StandardCharsets.UTF_8);

  private final byte[] bytes;

  private SnapshotPatch(byte[] bytes) {
    this.bytes = bytes;
    if (bytes.length < BODY_AT || bytes.length > MAX_BYTES) {
      throw bad("a patch of %d to %d bytes".formatted(BODY_AT, MAX_BYTES), bytes.length, 0);
    }
    if (LittleEndian.getLong(bytes, 0) != MAGIC) {
      throw bad("the magic of a patch", "other bytes", 0);
    }
    if (bytes[VERSION_AT] != VERSION) {
      throw bad("version " + VERSION, bytes[VERSION_AT] & 0xFF, VERSION_AT);
    }
    if (from() < 1 || to() <= from()) {
      throw bad("a revision above " + from(), to(), TO_AT);
    }
    if (bodyEnd(bytes) < BODY_AT) {
      throw bad("a signature of %d bytes".formatted(SnapshotSignature.BYTES), "fewer", FLAGS_AT);
    }
    if (bodyBytes() < 0 || bodyBytes() > MAX_BODY_BYTES) {
      throw bad("a body of at most " + MAX_BODY_BYTES + " bytes", bodyBytes(), BODY_BYTES_AT);
    }
  }

  /**
   * A patch as something else names it: the metadata of a key, or the patch after it.
   *
   * @param from the revision that it is from
   * @param bytes its size
   * @param sha256 64 lower-case hex digits
   */
  public record Link(long from, int bytes, String sha256) {}

  /**
   * Takes a patch. The array is kept; it must not change.
   *
   * @throws SnapshotFormatException if this is no patch of a version that this reader knows
   */
  public static SnapshotPatch of(byte[] bytes) {
    return new SnapshotPatch(bytes);
  }

  /**
   * Returns the patch between two snapshots, or empty if it would be larger than {@code most} or
   * cannot be made, as for snapshots of publishers before patches.
   *
   * <p>Cost: comparing both, as {@link SnapshotDiff} does. Memory: about one opened column, and the
   * patch.
   *
   * @param valueSha256 of the value that {@code after} is published as
   * @param earlier the patch to {@code before}, or null if none is known
   * @param most bytes of the patch, to which a signature adds 72
   */
  public static Optional<byte[]> between(
      Snapshot before, Snapshot after, String valueSha256, @Nullable Link earlier, int most) {
    int room = Math.min(most, MAX_BYTES - SnapshotSignature.BYTES);
    return new PatchWriter(before, after).write(valueSha256, earlier, room);
  }

  /** Returns the revision that this turns into the later one. */
  public long from() {
    return LittleEndian.getLong(bytes, FROM_AT);
  }

  /** Returns the revision that results. */
  public long to() {
    return LittleEndian.getLong(bytes, TO_AT);
  }

  /** Returns the content hash of the snapshot that this can be applied to, as 64 hex digits. */
  public String fromContentHash() {
    return hex(CONTENT_HASH_AT);
  }

  /** Returns the SHA-256 of the value that the result was published as, as 64 hex digits. */
  public String valueSha256() {
    return hex(VALUE_SHA256_AT);
  }

  /** Returns the patch to the revision that this is from, or empty if the writer knew of none. */
  public Optional<Link> earlier() {
    int size = LittleEndian.getInt(bytes, EARLIER_BYTES_AT);
    long earlierFrom = LittleEndian.getLong(bytes, EARLIER_FROM_AT);
    return size > 0 && earlierFrom > 0 && earlierFrom < from()
        ? Optional.of(new Link(earlierFrom, size, hex(EARLIER_SHA256_AT)))
        : Optional.empty();
  }

  /** Returns how many bytes the patch has. */
  public int bytes() {
    return bytes.length;
  }

  private String hex(int at) {
    return HexFormat.of().formatHex(bytes, at, at + SnapshotLayout.DIGEST_BYTES);
  }

  int bodyBytes() {
    return LittleEndian.getInt(bytes, BODY_BYTES_AT);
  }

  byte[] body() {
    return Arrays.copyOfRange(bytes, BODY_AT, bodyEnd(bytes));
  }

  /** Returns the signature, or empty if the patch has none. */
  public Optional<SnapshotSignature> signature() {
    int end = bodyEnd(bytes);
    return end == bytes.length
        ? Optional.empty()
        : Optional.of(new SnapshotSignature(bytes, end, kvKey -> signedText(bytes, kvKey)));
  }

  private static int bodyEnd(byte[] patch) {
    boolean isSigned = (patch[FLAGS_AT] & SIGNED) != 0;
    return patch.length - (isSigned ? SnapshotSignature.BYTES : 0);
  }

  /** Returns a patch with room for a signature, and everything that is signed in place. */
  static byte[] withRoom(byte[] patch, String keyId) {
    int end = bodyEnd(of(patch).bytes);
    byte[] signed = Arrays.copyOf(Arrays.copyOf(patch, end), end + SnapshotSignature.BYTES);
    signed[FLAGS_AT] |= SIGNED;
    byte[] id = HexFormat.of().parseHex(keyId);
    System.arraycopy(id, 0, signed, end, id.length);
    return signed;
  }

  /** Returns the signed text of a patch that has a signature, or room for one. */
  static byte[] signedText(byte[] signed, String kvKey) {
    ByteWriter text = new ByteWriter();
    text.bytes(DOMAIN);
    text.bytes(SnapshotLayout.sha256(signed, 0, bodyEnd(signed)));
    text.bytes(kvKey.getBytes(StandardCharsets.UTF_8));
    return text.toByteArray();
  }

  /**
   * Returns the later snapshot. It shares with the earlier one what is the same in both. The caller
   * has proven this patch, and checks the signature of the later snapshot before it is used.
   *
   * <p>Cost and memory: in proportion to the columns that differ, and to all of them where users
   * were added or removed.
   *
   * @throws SnapshotFormatException if {@code before} is another snapshot than the patch is from,
   *     or the patch is not sound, or the result is not what the checksums say
   */
  public Snapshot applyTo(Snapshot before) {
    return new PatchReader(this, before).read();
  }

  static SnapshotFormatException bad(String expected, Object found, int at) {
    return new SnapshotFormatException("the patch", at, expected, found);
  }
}
