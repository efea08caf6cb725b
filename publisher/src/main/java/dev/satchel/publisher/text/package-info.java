/** What is read from a variable, and what is said to a person in one line. */
@NullMarked
package dev.satchel.publisher.text;

import org.jspecify.annotations.NullMarked;
