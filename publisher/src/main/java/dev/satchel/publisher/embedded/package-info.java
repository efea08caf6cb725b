/** A private PostgreSQL, to try Satchel without installing anything. */
@NullMarked
package dev.satchel.publisher.embedded;

import org.jspecify.annotations.NullMarked;
