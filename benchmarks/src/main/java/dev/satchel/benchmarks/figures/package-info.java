/** Keeps the README's figures equal to those of a recorded run. */
@NullMarked
package dev.satchel.benchmarks.figures;

import org.jspecify.annotations.NullMarked;
