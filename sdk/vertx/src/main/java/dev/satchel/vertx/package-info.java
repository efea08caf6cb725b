/** The client for Vert.x applications: Futures on the caller's context, and the health check. */
@NullMarked
package dev.satchel.vertx;

import org.jspecify.annotations.NullMarked;
