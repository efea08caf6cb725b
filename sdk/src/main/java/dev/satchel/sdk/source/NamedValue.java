package dev.satchel.sdk.source;

import dev.satchel.http.HttpAnswer;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.PublishedValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of an answer say about the value that it has, or would have. A server may leave
 * all of them out.
 *
 * @param sha256 from {@code Satchel-SHA-256}
 * @param revision from {@code Satchel-Revision}
 * @param patch from {@code Satchel-Patch: from=REVISION; bytes=N; sha256=HEX}, or null if there is
 *     none that is well formed
 */
record NamedValue(String sha256, long revision, @Nullable AnnouncedPatch patch) {
  private static final Pattern WHOLE = Pattern.compile("[1-9][0-9]{0,17}");
  private static final Pattern PATCH =
      Pattern.compile(
          " *from=([1-9][0-9]{0,17}) *; *bytes=([1-9][0-9]{0,7}) *; *sha256=([0-9a-f]{64}) *");

  /** Returns what the headers say; empty if they do not say which value it is. */
  static Optional<NamedValue> of(HttpAnswer answer) {
    String sha256 = answer.header("satchel-sha-256");
    String revision = answer.header("satchel-revision");
    return sha256 != null
            && PublishedValue.isDigest(sha256)
            && revision != null
            && WHOLE.matcher(revision).matches()
        ? Optional.of(
            new NamedValue(sha256, Long.parseLong(revision), patch(answer.header("satchel-patch"))))
        : Optional.empty();
  }

  private static @Nullable AnnouncedPatch patch(@Nullable String header) {
    Matcher patch = PATCH.matcher(header == null ? "" : header);
    if (!patch.matches()) {
      return null;
    }
    int bytes = Integer.parseInt(patch.group(2));
    return bytes > KvLimits.MAX_VALUE_BYTES
        ? null
        : new AnnouncedPatch(Long.parseLong(patch.group(1)), bytes, patch.group(3));
  }

  /**
   * Returns the announcement of the value.
   *
   * @param bytes its size, or {@link Announcement#UNKNOWN}
   */
  Announcement announcement(long bytes) {
    return new Announcement(sha256, revision, sha256, bytes, patch);
  }

  /** Returns the size that the headers give, or {@link Announcement#UNKNOWN}. */
  static long bytes(HttpAnswer answer) {
    String length = answer.header("content-length");
    return length != null && WHOLE.matcher(length).matches()
        ? Long.parseLong(length)
        : Announcement.UNKNOWN;
  }
}
