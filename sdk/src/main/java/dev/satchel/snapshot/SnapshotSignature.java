package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who signed a snapshot, and for which KV key. It is the end of the header:
 *
 * <pre>
 * bytes
 *     8   the key's id: the first bytes of the SHA-256 of the public key as X.509 encodes it
 *    64   Ed25519 signature (RFC 8032) of the text below
 * </pre>
 *
 * What is signed is not in the value as one piece, but put together from it and from the KV key:
 *
 * <pre>
 * bytes
 *    20   "satchel-signature-1" and a zero: no other protocol signs what begins so
 *    12   bytes 8 to 19 of the value: magic, versions, flags
 *     8   revision
 *     8   when it was published
 *    32   content hash: SHA-256 of the catalog without the signature
 *     …   the KV key in UTF-8, to the end
 * </pre>
 *
 * The catalog holds the SHA-256 of each frame, so that no byte of the value can be another without
 * one of these being another. The KV key is signed so that a snapshot for tests, say, cannot be put
 * in the place of another by whoever may write to the namespace.
 */
public final class SnapshotSignature {
  private static final int ID_BYTES = 8;
  private static final int SIGNATURE_BYTES = 64;

  /** What a signature adds to a value. */
  static final int BYTES = ID_BYTES + SIGNATURE_BYTES;

  private static final byte[] DOMAIN = "satchel-signature-1\0".getBytes(StandardCharsets.UTF_8);

  private final byte[] value;
  private final int at;

  private SnapshotSignature(byte[] value, int at) {
    this.value = value;
    this.at = at;
  }

  /**
   * The signature of a value, or empty if it has none. Checks the header and nothing behind it.
   *
   * @param value must not change as long as the signature is used
   * @throws SnapshotFormatException if the header is not sound
   */
  public static Optional<SnapshotSignature> of(byte[] value) {
    int headerEnd = Snapshot.checkHeader(value);
    return isSigned(value)
        ? Optional.of(new SnapshotSignature(value, catalogEnd(value, headerEnd)))
        : Optional.empty();
  }

  /** What the value says of the key; only {@link #isBy} tells whether it is true. */
  public String keyId() {
    return HexFormat.of().formatHex(value, at, at + ID_BYTES);
  }

  /**
   * Whether this key signed the header for this KV key. Whoever opens the value then checks, with
   * the digests in the header, all that is behind it. Costs about a millisecond.
   */
  public boolean isBy(VerifyingKey key, String kvKey) {
    if (!keyId().equals(key.id())) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key.key());
      verifier.update(signedText(value, kvKey));
      return verifier.verify(value, at + ID_BYTES, SIGNATURE_BYTES);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  /** The id alone. */
  @Override
  public String toString() {
    return "SnapshotSignature[" + keyId() + "]";
  }

  static boolean isSigned(byte[] value) {
    return (value[SnapshotLayout.MINOR_AT] & 0xFF) >= SnapshotLayout.MINOR_OF_SIGNATURES
        && (value[SnapshotLayout.FLAGS_AT] & SnapshotLayout.SIGNED) != 0;
  }

  /** Where the catalog ends without a signature, in a header that ends here. */
  static int catalogEnd(byte[] value, int headerEnd) {
    if (!isSigned(value)) {
      return headerEnd;
    }
    int end = headerEnd - BYTES;
    if (end < SnapshotLayout.CATALOG_AT) {
      throw new SnapshotFormatException(
          "the header", SnapshotLayout.FLAGS_AT, "a signature of " + BYTES + " bytes", "fewer");
    }
    return end;
  }

  /**
   * A value with a sound header as it is signed, but for the signature and what follows from it.
   */
  static byte[] withRoom(byte[] value, String keyId) {
    int headerEnd = Snapshot.checkHeader(value);
    int end = catalogEnd(value, headerEnd);
    byte[] signed = new byte[value.length - headerEnd + end + BYTES];
    System.arraycopy(value, 0, signed, 0, end);
    System.arraycopy(value, headerEnd, signed, end + BYTES, value.length - headerEnd);
    LittleEndian.putInt(
        signed, SnapshotLayout.HEADER_LENGTH_AT, end + BYTES - SnapshotLayout.MAGIC_AT);
    signed[SnapshotLayout.MINOR_AT] =
        (byte) Math.max(value[SnapshotLayout.MINOR_AT] & 0xFF, SnapshotLayout.MINOR_OF_SIGNATURES);
    signed[SnapshotLayout.FLAGS_AT] |= SnapshotLayout.SIGNED;
    System.arraycopy(HexFormat.of().parseHex(keyId), 0, signed, end, ID_BYTES);
    return signed;
  }

  static void fill(byte[] signed, byte[] signature) {
    int end = headerEnd(signed);
    System.arraycopy(signature, 0, signed, end - SIGNATURE_BYTES, SIGNATURE_BYTES);
    SnapshotLayout.writeDigests(signed, end);
  }

  private static int headerEnd(byte[] signed) {
    return SnapshotLayout.MAGIC_AT + LittleEndian.getInt(signed, SnapshotLayout.HEADER_LENGTH_AT);
  }

  /** What is signed of a value that has a signature, or room for one. */
  static byte[] signedText(byte[] signed, String kvKey) {
    ByteWriter text = new ByteWriter();
    text.bytes(DOMAIN);
    text.bytes(Arrays.copyOfRange(signed, SnapshotLayout.MAGIC_AT, SnapshotLayout.DIGEST_AT));
    text.bytes(
        Arrays.copyOfRange(signed, SnapshotLayout.REVISION_AT, SnapshotLayout.CONTENT_HASH_AT));
    text.bytes(SnapshotLayout.sha256(signed, SnapshotLayout.CATALOG_AT, headerEnd(signed) - BYTES));
    text.bytes(kvKey.getBytes(StandardCharsets.UTF_8));
    return text.toByteArray();
  }
}
