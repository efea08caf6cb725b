/** The README's figures, which are those of a recorded run and of no other. */
@NullMarked
package dev.satchel.benchmarks.figures;

import org.jspecify.annotations.NullMarked;
