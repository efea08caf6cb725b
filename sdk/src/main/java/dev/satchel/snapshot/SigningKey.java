package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * An Ed25519 private key, which signs snapshots and patches. Immutable. Its text form shows only
 * its id.
 */
public final class SigningKey {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final int PEM_LINE_CHARACTERS = 64;

  private final PrivateKey key;
  private final VerifyingKey verifyingKey;

  private SigningKey(PrivateKey key, VerifyingKey verifyingKey) {
    this.key = key;
    this.verifyingKey = verifyingKey;
  }

  /** Makes a new key. */
  public static SigningKey generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform since 15 has Ed25519", e);
    }
  }

  /**
   * Reads what {@link #toPem} wrote, or {@code openssl genpkey -algorithm ed25519}; the lines
   * before and after the key may be missing.
   *
   * @throws IllegalArgumentException if it is no such key; neither the message nor the cause quotes
   *     any of it
   */
  public static SigningKey parse(String pem) {
    String base64 = pem.replace(BEGIN, "").replace(END, "").replaceAll("\\s", "");
    try {
      PrivateKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      return new SigningKey(key, verifyingKey((EdECPrivateKey) key));
    } catch (IllegalArgumentException | GeneralSecurityException | ClassCastException e) {
      // not as a cause: its message may quote the key
      throw new IllegalArgumentException(
          "expected an Ed25519 private key in PKCS #8 PEM, as satchel keygen writes it, but found"
              + " something else in "
              + pem.length()
              + " characters");
    }
  }

  /**
   * Returns the public key that belongs to a private one. PKCS #8 does not hold it, and Java has no
   * method to compute it, but a generator computes it from the random bytes that it is given.
   */
  private static VerifyingKey verifyingKey(EdECPrivateKey key) throws GeneralSecurityException {
    byte[] seed = key.getBytes().orElseThrow(() -> new GeneralSecurityException("no seed"));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(
        NamedParameterSpec.ED25519,
        new SecureRandom() {
          private static final long serialVersionUID = 1L;

          @Override
          public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
          }
        });
    KeyPair pair = generator.generateKeyPair();
    byte[] probe = "satchel".getBytes(StandardCharsets.UTF_8);
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(pair.getPublic());
    verifier.update(probe);
    if (!verifier.verify(sign(key, probe))) {
      throw new AssertionError("this platform's Ed25519 generator takes its seed in another way");
    }
    return VerifyingKey.of(pair.getPublic());
  }

  private static byte[] sign(PrivateKey key, byte[] text) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(key);
    signer.update(text);
    return signer.sign();
  }

  /** Returns the key with which readers check this key's signatures. */
  public VerifyingKey verifyingKey() {
    return verifyingKey;
  }

  /** Returns the key as PKCS #8 in PEM, with a line end after each line. This is a secret. */
  public String toPem() {
    var base64 =
        Base64.getMimeEncoder(PEM_LINE_CHARACTERS, new byte[] {'\n'})
            .encodeToString(key.getEncoded());
    return BEGIN + "\n" + base64 + "\n" + END + "\n";
  }

  /**
   * Returns the same snapshot with this key's signature, which replaces any other. Costs about a
   * millisecond and a copy of the value.
   *
   * @param kvKey the KV key under which readers may accept it
   * @throws SnapshotFormatException if the header of {@code value} is not sound
   */
  public byte[] sign(byte[] value, String kvKey) {
    byte[] signed = SnapshotSignature.withRoom(value, verifyingKey.id());
    SnapshotSignature.fill(signed, signature(SnapshotSignature.signedText(signed, kvKey)));
    return signed;
  }

  /**
   * Returns the same patch with this key's signature, which replaces any other. Costs about a
   * millisecond.
   *
   * @param kvKey the KV key of the snapshot that results
   * @throws SnapshotFormatException if {@code patch} is no patch
   */
  public byte[] signPatch(byte[] patch, String kvKey) {
    byte[] signed = SnapshotPatch.withRoom(patch, verifyingKey.id());
    byte[] signature = signature(SnapshotPatch.signedText(signed, kvKey));
    System.arraycopy(signature, 0, signed, signed.length - signature.length, signature.length);
    return signed;
  }

  private byte[] signature(byte[] text) {
    try {
      return sign(key, text);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform since 15 has Ed25519", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[" + verifyingKey.id() + "]";
  }
}
