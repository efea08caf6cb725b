/** When a run begins, and what became of each. */
@NullMarked
package dev.satchel.publisher.run;

import org.jspecify.annotations.NullMarked;
