package dev.satchel.sdk.source;

import org.jspecify.annotations.Nullable;

/**
 * What a source says about the published value, without the value itself.
 *
 * @param tag a text that differs whenever the value does: a digest or an ETag
 * @param revision the snapshot's revision, or {@link #UNKNOWN}
 * @param sha256 64 lower-case hex digits of the value's SHA-256, or null if the source has none
 * @param bytes the value's size, or {@link #UNKNOWN}
 * @param patch what to fetch instead of the value, or null if the source has no patch
 */
public record Announcement(
    String tag,
    long revision,
    @Nullable String sha256,
    long bytes,
    @Nullable AnnouncedPatch patch) {

  /** Stands for a revision or a size that the source does not know before the value is fetched. */
  public static final long UNKNOWN = -1;

  /** Announces a value without a patch. */
  public Announcement(String tag, long revision, @Nullable String sha256, long bytes) {
    this(tag, revision, sha256, bytes, null);
  }
}
