/** A file-backed server that speaks the Workers KV REST contract. */
@NullMarked
package dev.satchel.kv.local;

import org.jspecify.annotations.NullMarked;
