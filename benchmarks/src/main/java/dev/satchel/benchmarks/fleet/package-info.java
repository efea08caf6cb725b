/** How fast a change reaches a fleet of clients that wait at the publisher's port. */
@NullMarked
package dev.satchel.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
