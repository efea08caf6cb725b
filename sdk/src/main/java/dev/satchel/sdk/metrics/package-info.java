/**
 * Micrometer meters for a client; needs {@code io.micrometer:micrometer-core}, which is optional.
 */
@NullMarked
package dev.satchel.sdk.metrics;

import org.jspecify.annotations.NullMarked;
