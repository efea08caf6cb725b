/** The publisher seen from outside: health, metrics, and the operator's page. */
@NullMarked
package dev.satchel.publisher.http;

import org.jspecify.annotations.NullMarked;
