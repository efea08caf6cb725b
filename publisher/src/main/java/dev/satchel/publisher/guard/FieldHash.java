package dev.satchel.publisher.guard;

import dev.satchel.publisher.text.UserJson;
import dev.satchel.snapshot.Snapshot;
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

  /** Returns the hash of a value; null and {@link Snapshot#ABSENT} stay as they are. */
  @Nullable Object of(@Nullable Object value) {
    if (value == null || value == Snapshot.ABSENT) {
      return value;
    }
    byte[] bytes =
        value instanceof String text
            ? text.getBytes(StandardCharsets.UTF_8)
            : UserJson.bytesOf(value);
    return HexFormat.of().formatHex(mac.doFinal(bytes), 0, DIGITS / 2);
  }
}
