/** Workers KV as opaque values under keys, split by right. */
@NullMarked
package dev.satchel.kv;

import org.jspecify.annotations.NullMarked;
