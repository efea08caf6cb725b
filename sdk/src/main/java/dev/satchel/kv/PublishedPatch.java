package dev.satchel.kv;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The patch to a value, as the metadata of its key names it: what a reader that holds the revision
 * before can fetch instead. Only this class knows how these members are named and read, and where a
 * patch lies.
 *
 * @param from the revision that it is from, 1 or more
 * @param bytes its size, 1 or more
 * @param sha256 of the patch, 64 lower-case hex digits
 */
public record PublishedPatch(long from, int bytes, String sha256) {
  /** The member of the metadata that names the patch. */
  public static final String PATCH = "patch";

  private static final String FROM = "from";

  /** Returns the key of the patch to a revision of the value under {@code key}. */
  public static String key(String key, long revision) {
    return key + "@" + revision + ".patch";
  }

  /** Reads the metadata of a value; returns empty if it names no patch. */
  public static Optional<PublishedPatch> of(Map<String, ? extends @Nullable Object> metadata) {
    if (!(metadata.get(PATCH) instanceof Map<?, ?> patch)) {
      return Optional.empty();
    }
    long from = PublishedValue.whole(patch.get(FROM));
    long bytes = PublishedValue.whole(patch.get(PublishedValue.BYTES));
    return from > 0
            && bytes > 0
            && bytes <= KvLimits.MAX_VALUE_BYTES
            && patch.get(PublishedValue.SHA256) instanceof String sha256
            && PublishedValue.isDigest(sha256)
        ? Optional.of(new PublishedPatch(from, (int) bytes, sha256))
        : Optional.empty();
  }

  /** Returns the members, as {@link #of} reads them. */
  public Map<String, Object> toMap() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(FROM, from);
    members.put(PublishedValue.BYTES, bytes);
    members.put(PublishedValue.SHA256, sha256);
    return members;
  }
}
