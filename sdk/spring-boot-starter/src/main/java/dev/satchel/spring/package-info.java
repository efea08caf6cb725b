/**
 * Gives a Spring Boot application a {@link dev.satchel.sdk.ConfigClient} from {@code satchel.*}
 * properties. Nothing here is called by an application.
 */
@NullMarked
package dev.satchel.spring;

import org.jspecify.annotations.NullMarked;
