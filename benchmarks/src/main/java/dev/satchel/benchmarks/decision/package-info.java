/** What decides between one KV pair for each user and one snapshot: measured, and computed. */
@NullMarked
package dev.satchel.benchmarks.decision;

import org.jspecify.annotations.NullMarked;
