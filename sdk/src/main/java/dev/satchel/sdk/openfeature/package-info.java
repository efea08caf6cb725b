/** An OpenFeature provider over a client; needs {@code dev.openfeature:sdk}, which is optional. */
@NullMarked
package dev.satchel.sdk.openfeature;

import org.jspecify.annotations.NullMarked;
