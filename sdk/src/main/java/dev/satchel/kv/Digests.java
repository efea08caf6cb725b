package dev.satchel.kv;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes SHA-256 digests in the spelling of the metadata. */
public final class Digests {
  private Digests() {}

  /** Returns the SHA-256 of the bytes as 64 lower-case hex digits. Costs about 1 ms per MiB. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** Returns a new SHA-256, for bytes that come in pieces. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
