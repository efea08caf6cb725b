/** Deterministic synthetic users, and the tables that hold them, to try Satchel at size. */
@NullMarked
package dev.satchel.publisher.seed;

import org.jspecify.annotations.NullMarked;
