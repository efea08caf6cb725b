/** What may not leave the database, and what may not be written unless a person accepts it. */
@NullMarked
package dev.satchel.publisher.guard;

import org.jspecify.annotations.NullMarked;
