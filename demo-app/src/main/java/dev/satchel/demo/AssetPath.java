package dev.satchel.demo;

import dev.satchel.kv.KvLimits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The KV key that the path of a request names. */
final class AssetPath {
  private static final String PREFIX = "/assets/";

  private AssetPath() {}

  static boolean isUnderAssets(String rawPath) {
    return rawPath.startsWith(PREFIX);
  }

  /**
   * Returns the key {@code assets/…}, or empty if the path is malformed or would name anything
   * else.
   *
   * @param rawPath as it was sent; percent signs are decoded once
   */
  static Optional<String> key(String rawPath) {
    return decode(rawPath.substring(1)).filter(AssetPath::isSound);
  }

  private static boolean isSound(String key) {
    if (key.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
      return false;
    }
    for (String segment : key.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return key.startsWith("assets/");
  }

  private static Optional<String> decode(String raw) {
    if (raw.length() > 3 * KvLimits.MAX_KEY_BYTES) {
      return Optional.empty();
    }
    byte[] encoded = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        bytes.put(encoded[i]);
        continue;
      }
      if (i + 2 >= encoded.length) {
        return Optional.empty();
      }
      int high = Character.digit(encoded[i + 1], 16);
      int low = Character.digit(encoded[i + 2], 16);
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      bytes.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      String key = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      return bytes.limit() <= KvLimits.MAX_KEY_BYTES ? Optional.of(key) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
