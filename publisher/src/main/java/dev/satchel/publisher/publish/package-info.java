/** Users go in, one checked value comes out. */
@NullMarked
package dev.satchel.publisher.publish;

import org.jspecify.annotations.NullMarked;
