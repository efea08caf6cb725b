/** The time of day, and a way to let some of it pass. */
@NullMarked
package dev.satchel.publisher.time;

import org.jspecify.annotations.NullMarked;
