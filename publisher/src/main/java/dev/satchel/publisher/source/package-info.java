/** Reads PostgreSQL as a stream of users in one transaction. */
@NullMarked
package dev.satchel.publisher.source;

import org.jspecify.annotations.NullMarked;
