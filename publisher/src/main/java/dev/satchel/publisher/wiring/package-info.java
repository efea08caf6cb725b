/** The database, the namespace and all between, opened together and closed in reverse. */
@NullMarked
package dev.satchel.publisher.wiring;

import org.jspecify.annotations.NullMarked;
