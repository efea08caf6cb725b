/** The figures in the Markdown files, which are those of a recorded run and of no other. */
@NullMarked
package dev.satchel.benchmarks.figures;

import org.jspecify.annotations.NullMarked;
