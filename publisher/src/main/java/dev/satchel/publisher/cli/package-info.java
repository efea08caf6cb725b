/** What a person types, and what the terminal says back. */
@NullMarked
package dev.satchel.publisher.cli;

import org.jspecify.annotations.NullMarked;
