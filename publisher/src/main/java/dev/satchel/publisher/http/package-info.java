/** Pages, metrics and health over what run and store hold. */
@NullMarked
package dev.satchel.publisher.http;

import org.jspecify.annotations.NullMarked;
