/**
 * An OpenFeature provider that answers from a client; needs {@code dev.openfeature:sdk}, which is
 * optional.
 */
@NullMarked
package dev.satchel.sdk.openfeature;

import org.jspecify.annotations.NullMarked;
