/** The main class of the command line and the exit status of its process. */
@NullMarked
package dev.satchel.publisher;

import org.jspecify.annotations.NullMarked;
