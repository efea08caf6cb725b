/** A private PostgreSQL, to try Satchel with nothing installed. */
@NullMarked
package dev.satchel.publisher.embedded;

import org.jspecify.annotations.NullMarked;
