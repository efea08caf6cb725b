/** JMH benchmarks: one pair per user against one snapshot, and against what people use today. */
@NullMarked
package dev.satchel.benchmarks;

import org.jspecify.annotations.NullMarked;
