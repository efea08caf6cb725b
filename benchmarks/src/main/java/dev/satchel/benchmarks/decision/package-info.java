/** Measures and computes what decides between one KV pair for each user and one snapshot. */
@NullMarked
package dev.satchel.benchmarks.decision;

import org.jspecify.annotations.NullMarked;
