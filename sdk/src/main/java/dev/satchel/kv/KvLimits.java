package dev.satchel.kv;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** The limits of Workers KV, and checks to make before anything is sent. */
public final class KvLimits {
  // developers.cloudflare.com/kv/platform/limits
  public static final int MAX_VALUE_BYTES = 26_214_400;
  public static final int MAX_KEY_BYTES = 512;
  public static final int MAX_METADATA_BYTES = 1_024;
  public static final int MAX_BULK_PAIRS = 10_000;
  public static final Duration MIN_TIME_TO_LIVE = Duration.ofSeconds(60);

  /** A snapshot's key leaves room for the copies: @ and the 19 digits of the largest revision. */
  public static final int MAX_SNAPSHOT_KEY_BYTES = MAX_KEY_BYTES - 20;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  private KvLimits() {}

  /**
   * Refuses a key under which no snapshot should lie: what KV refuses, one that leaves no room for
   * the keys of copies, and one with control characters, which is always a mistake.
   */
  public static void checkSnapshotKey(String key) {
    int bytes = checkKey(key).length;
    if (bytes > MAX_SNAPSHOT_KEY_BYTES) {
      throw new IllegalArgumentException(
          "expected a key of 1 to "
              + MAX_SNAPSHOT_KEY_BYTES
              + " bytes, such as user-configs, but found "
              + bytes
              + " bytes");
    }
    if (CONTROL.matcher(key).find()) {
      throw new IllegalArgumentException(
          "expected a key without line ends and other control characters, such as user-configs,"
              + " but found one");
    }
  }

  /** Returns the bytes of a key, and refuses it if KV would. */
  public static byte[] checkKey(String key) {
    ByteBuffer utf8;
    try {
      utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
    } catch (CharacterCodingException loneSurrogate) {
      throw new IllegalArgumentException(
          "expected a key of whole characters but found a lone surrogate", loneSurrogate);
    }
    var bytes = new byte[utf8.remaining()];
    utf8.get(bytes);
    if (bytes.length < 1 || bytes.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "expected a key of 1 to "
              + MAX_KEY_BYTES
              + " bytes of UTF-8 but found "
              + bytes.length
              + " bytes");
    }
    if (key.equals(".") || key.equals("..")) {
      throw new IllegalArgumentException(
          "expected a key other than \".\" and \"..\" but found \"" + key + "\"");
    }
    return bytes;
  }

  /** Refuses a value of this size if KV would. */
  public static void checkValue(long bytes) {
    if (bytes > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "expected a value of at most "
              + MAX_VALUE_BYTES
              + " bytes but found "
              + bytes
              + " bytes");
    }
  }

  /** Refuses metadata, as JSON, if KV would. */
  public static void checkMetadata(String json) {
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_METADATA_BYTES) {
      throw new IllegalArgumentException(
          "expected metadata of at most "
              + MAX_METADATA_BYTES
              + " bytes of JSON but found "
              + bytes
              + " bytes");
    }
  }

  /** Refuses a time to live if KV would. */
  public static void checkTimeToLive(Duration timeToLive) {
    if (timeToLive.compareTo(MIN_TIME_TO_LIVE) < 0) {
      throw new IllegalArgumentException(
          "expected a time to live of at least "
              + MIN_TIME_TO_LIVE.toSeconds()
              + " s but found "
              + timeToLive.toMillis()
              + " ms");
    }
  }

  /** Returns the key as one segment of a path, with every byte escaped that RFC 3986 reserves. */
  public static String segment(String key) {
    return escape(checkKey(key));
  }

  /** Returns {@code text} as the value of a query parameter. */
  public static String escape(String text) {
    return escape(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String escape(byte[] bytes) {
    var escaped = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      if ((b >= 'a' && b <= 'z')
          || (b >= 'A' && b <= 'Z')
          || (b >= '0' && b <= '9')
          || b == '-'
          || b == '.'
          || b == '_'
          || b == '~') {
        escaped.append((char) b);
      } else {
        escaped.append(String.format("%%%02X", b));
      }
    }
    return escaped.toString();
  }
}
