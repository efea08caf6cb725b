/** What lies in KV: the value in use, its metadata and its copies. */
@NullMarked
package dev.satchel.publisher.store;

import org.jspecify.annotations.NullMarked;
