package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a snapshot or of a patch: who signed it, and for which KV key. It is the end of
 * the snapshot's header, or of the patch:
 *
 * <pre>
 * bytes
 *     8   the key's id: the first bytes of the SHA-256 of the public key as X.509 encodes it
 *    64   Ed25519 signature (RFC 8032) of the text below
 * </pre>
 *
 * The signed text of a snapshot is not one piece of the value; it is put together from the value
 * and the KV key. {@link SnapshotPatch} says what the text of a patch is.
 *
 * <pre>
 * bytes
 *    20   "satchel-signature-1" and a zero: no other protocol signs a text that begins like this
 *    12   bytes 8 to 19 of the value: magic, versions, flags
 *     8   revision
 *     8   when it was published
 *    32   content hash: SHA-256 of the catalog without the signature
 *     …   the KV key in UTF-8, to the end
 * </pre>
 *
 * The catalog holds the SHA-256 of each frame, so changing any byte of the value changes the signed
 * text. The KV key is signed so that someone who may write to the namespace cannot replace one
 * snapshot by another, such as one for tests.
 */
public final class SnapshotSignature {
  private static final int ID_BYTES = 8;
  private static final int SIGNATURE_BYTES = 64;

  /** How many bytes a signature adds to a value. */
  static final int BYTES = ID_BYTES + SIGNATURE_BYTES;

  private static final byte[] DOMAIN = "satchel-signature-1\0".getBytes(StandardCharsets.UTF_8);

  private final byte[] signed;
  private final int at;
  private final Text text;

  /**
   * @param at where the key's id is in what is signed
   */
  SnapshotSignature(byte[] signed, int at, Text text) {
    this.signed = signed;
    this.at = at;
    this.text = text;
  }

  /** Puts the signed text together. */
  interface Text {
    byte[] of(String kvKey);
  }

  /**
   * Returns the signature of a value, or empty if it has none. Checks the header and nothing after
   * it.
   *
   * @param value must not change while the signature is used
   * @throws SnapshotFormatException if the header is not sound
   */
  public static Optional<SnapshotSignature> of(byte[] value) {
    int headerEnd = Catalog.checkHeader(value);
    return isSigned(value)
        ? Optional.of(
            new SnapshotSignature(
                value, catalogEnd(value, headerEnd), kvKey -> signedText(value, kvKey)))
        : Optional.empty();
  }

  /** Returns the id of the key that is claimed; only {@link #isBy} tells whether that is true. */
  public String keyId() {
    return HexFormat.of().formatHex(signed, at, at + ID_BYTES);
  }

  /**
   * Returns whether this key signed the header of the snapshot, or all of the patch, for this KV
   * key. {@link Snapshot#openWhole} then checks everything after the header against the digests in
   * it. Costs about a millisecond.
   */
  public boolean isBy(VerifyingKey key, String kvKey) {
    if (!keyId().equals(key.id())) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key.key());
      verifier.update(text.of(kvKey));
      return verifier.verify(signed, at + ID_BYTES, SIGNATURE_BYTES);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  /** Returns the id of the key that a sound header claims, or null if it has no signature. */
  static @Nullable String keyIdIn(byte[] header) {
    int at = header.length - BYTES;
    return isSigned(header) ? HexFormat.of().formatHex(header, at, at + ID_BYTES) : null;
  }

  /** Returns the id alone. */
  @Override
  public String toString() {
    return "SnapshotSignature[" + keyId() + "]";
  }

  static boolean isSigned(byte[] value) {
    return (value[SnapshotLayout.MINOR_AT] & 0xFF) >= SnapshotLayout.MINOR_OF_SIGNATURES
        && (value[SnapshotLayout.FLAGS_AT] & SnapshotLayout.SIGNED) != 0;
  }

  /** Returns where the catalog without a signature ends, in a header that ends here. */
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
   * Returns a value with room for a signature and everything that is signed in place, given a sound
   * header.
   */
  static byte[] withRoom(byte[] value, String keyId) {
    int headerEnd = Catalog.checkHeader(value);
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

  /** Returns the signed text of a value that has a signature, or room for one. */
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
