/**
 * A Vert.x health check of a client; needs {@code io.vertx:vertx-health-check}, which is optional.
 */
@NullMarked
package dev.satchel.sdk.health;

import org.jspecify.annotations.NullMarked;
