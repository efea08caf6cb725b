/**
 * Workers KV as opaque values under keys: what a reader needs, and the facts of KV for everybody.
 */
@NullMarked
package dev.satchel.kv;

import org.jspecify.annotations.NullMarked;
