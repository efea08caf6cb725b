/** The snapshot format, both directions: pure functions on bytes. */
@NullMarked
package dev.satchel.snapshot;

import org.jspecify.annotations.NullMarked;
