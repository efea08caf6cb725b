/** What Satchel costs on a machine that has other work. */
@NullMarked
package dev.satchel.benchmarks.busy;

import org.jspecify.annotations.NullMarked;
