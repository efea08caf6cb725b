/**
 * HTTP over the JDK's sockets, for a reader that polls: one bounded GET at a time, through the
 * application's proxy and with its TLS settings.
 */
@NullMarked
package dev.satchel.http;

import org.jspecify.annotations.NullMarked;
