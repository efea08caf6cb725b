package dev.satchel.publisher.guard;

import dev.satchel.publisher.text.UserJson;
import dev.satchel.snapshot.Snapshot;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A keyed hash that replaces a value: the first {@link #DIGITS} hex digits of HMAC-SHA-256 over the
 * UTF-8 of a text, or over the JSON of any other value. Equal values have equal hashes; without the
 * key nobody can find a value by guessing. Confined to one thread at a time.
 */
public final class FieldHash {
  public static final int MIN_KEY_BYTES = 16;
  static final int DIGITS = 32; // 128 bits: no two of a billion values collide by chance

  private final Mac mac;

  /** Creates a hash with a key of at least {@link #MIN_KEY_BYTES}. */
  FieldHash(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has HmacSHA256 for any key", e);
    }
  }

  /**
   * Returns the hash of a value; null and {@link Snapshot#ABSENT} stay as they are.
   *
   * @throws IllegalArgumentException if the value is a text that UTF-8 cannot carry
   */
  @Nullable Object of(@Nullable Object value) {
    if (value == null || value == Snapshot.ABSENT) {
      return value;
    }
    ByteBuffer bytes =
        value instanceof String text ? utf8(text) : ByteBuffer.wrap(UserJson.bytesOf(value));
    mac.update(bytes);
    return HexFormat.of().formatHex(mac.doFinal(), 0, DIGITS / 2);
  }

  /** Encodes a text strictly: half a surrogate pair would become a question mark. */
  private static ByteBuffer utf8(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "expected text in which surrogates come in pairs but found one alone", e);
    }
  }
}
