package dev.satchel.snapshot;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 public key, which shows who signed a snapshot. Immutable. Two are equal if they are
 * the same key.
 */
public final class VerifyingKey {
  /** The size of an Ed25519 key in X.509 (RFC 8410): 12 bytes that are always the same, then 32. */
  private static final int ENCODED_BYTES = 44;

  private static final int ID_BYTES = 8;

  private final PublicKey key;
  private final String id;

  private VerifyingKey(PublicKey key) {
    this.key = key;
    byte[] encoded = key.getEncoded();
    this.id =
        HexFormat.of().formatHex(SnapshotLayout.sha256(encoded, 0, encoded.length), 0, ID_BYTES);
  }

  static VerifyingKey of(PublicKey key) {
    return new VerifyingKey(key);
  }

  /**
   * Reads what {@link #text} wrote, or what is between the first and the last line of a PEM file.
   *
   * @throws IllegalArgumentException if it is no such key; the message does not quote it, since it
   *     may be a private key
   */
  public static VerifyingKey parse(String text) {
    try {
      byte[] encoded = Base64.getDecoder().decode(text.strip());
      if (encoded.length == ENCODED_BYTES) {
        return new VerifyingKey(
            KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // reported below, without what was found
    }
    throw new IllegalArgumentException(
        "expected an Ed25519 public key as 60 characters of base64, as satchel keygen prints it,"
            + " but found something else in "
            + text.strip().length()
            + " characters");
  }

  /**
   * Returns the id by which a snapshot names the key: the first 16 hex digits of the SHA-256 of the
   * key.
   */
  public String id() {
    return id;
  }

  /** Returns the key as 60 characters of base64. */
  public String text() {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  PublicKey key() {
    return key;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerifyingKey that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /** Returns the id. */
  @Override
  public String toString() {
    return "VerifyingKey[" + id + "]";
  }
}
