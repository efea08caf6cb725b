/** The command line, its options, and the publish pipeline. */
@NullMarked
package dev.satchel.publisher;

import org.jspecify.annotations.NullMarked;
