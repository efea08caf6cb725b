/** Runs all of Satchel for an hour, with faults that come and go: does anything grow or break? */
@NullMarked
package dev.satchel.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
