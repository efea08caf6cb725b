package dev.satchel.publisher.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One revision that can be looked at.
 *
 * @param change against the one before, in words; null if nobody noted it
 * @param host that made it; null if nobody noted it
 * @param isInUse whether it is what readers get
 * @param note what else there is to say, such as where it was rolled back to; null if nothing
 * @param hold who holds it since when and why, if somebody does
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
