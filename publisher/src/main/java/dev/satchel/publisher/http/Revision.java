package dev.satchel.publisher.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revision that can be looked at.
 *
 * @param change since the one before, in words; null if unknown
 * @param host that made it; null if unknown
 * @param isInUse whether readers get this revision
 * @param note anything else worth saying, such as where it was rolled back to; null if nothing
 * @param hold who holds it, since when and why; null if nobody does
 */
public record Revision(
    long revision,
    Instant publishedAt,
    long users,
    long bytes,
    @Nullable String change,
    @Nullable String host,
    boolean isInUse,
    @Nullable String note,
    @Nullable String hold) {}
