/**
 * A model of readers and publishers that is stepped at random and holds what must always be true.
 */
@NullMarked
package dev.satchel.publisher.model;

import org.jspecify.annotations.NullMarked;
