/** Measures what a user feels: new processes, and a machine that does other things as well. */
@NullMarked
package dev.satchel.benchmarks.busy;

import org.jspecify.annotations.NullMarked;
