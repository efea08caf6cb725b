/** Asks an address what clients ask it, and says what of the answers they could not use. */
@NullMarked
package dev.satchel.publisher.check;

import org.jspecify.annotations.NullMarked;
