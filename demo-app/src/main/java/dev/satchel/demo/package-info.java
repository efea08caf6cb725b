/** The banner page, served from local lookups. */
@NullMarked
package dev.satchel.demo;

import org.jspecify.annotations.NullMarked;
