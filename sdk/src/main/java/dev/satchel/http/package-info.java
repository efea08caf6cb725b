/**
 * HTTP on the JDK's sockets, for a reader that polls: one bounded GET at a time, through the proxy
 * and with the TLS that the application names.
 */
@NullMarked
package dev.satchel.http;

import org.jspecify.annotations.NullMarked;
