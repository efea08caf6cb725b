package dev.satchel.kv;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the metadata of a key says about its value, as far as a reader needs it. Only this class
 * knows how these members are named and read.
 *
 * @param revision of the snapshot, 1 or more
 * @param sha256 of the value, 64 lower-case hex digits
 * @param bytes the value's size, or 0 if the metadata does not say
 */
public record PublishedValue(long revision, String sha256, long bytes) {
  public static final String REVISION = "revision";
  public static final String SHA256 = "sha256";
  public static final String BYTES = "bytes";

  private static final Pattern SHA256_RULE = Pattern.compile("[0-9a-f]{64}");

  /** Reads the metadata; returns empty if it lacks a revision or a digest. */
  public static Optional<PublishedValue> of(Map<String, ? extends @Nullable Object> metadata) {
    long revision = whole(metadata.get(REVISION));
    return revision > 0 && metadata.get(SHA256) instanceof String sha256 && isDigest(sha256)
        ? Optional.of(new PublishedValue(revision, sha256, whole(metadata.get(BYTES))))
        : Optional.empty();
  }

  /** Returns whether a text is a SHA-256 in lower-case hex. */
  public static boolean isDigest(String text) {
    return SHA256_RULE.matcher(text).matches();
  }

  /** Returns a whole number from 0 to the largest long as it is, and 0 for anything else. */
  public static long whole(@Nullable Object value) {
    return value instanceof Long || value instanceof Integer
        ? Math.max(0, ((Number) value).longValue())
        : 0;
  }
}
