/** One writer of a key at a time. */
@NullMarked
package dev.satchel.publisher.lock;

import org.jspecify.annotations.NullMarked;
