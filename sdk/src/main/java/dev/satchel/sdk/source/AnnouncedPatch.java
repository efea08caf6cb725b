package dev.satchel.sdk.source;

/**
 * A patch that a source offers instead of a value, to a client that holds the revision before.
 *
 * @param from the revision that it is from
 * @param bytes its size
 * @param sha256 64 lower-case hex digits of the patch's SHA-256
 */
public record AnnouncedPatch(long from, int bytes, String sha256) {}
