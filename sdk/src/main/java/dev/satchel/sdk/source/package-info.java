/**
 * Where snapshots come from: Workers KV, an HTTP address, a file or folder, memory, or a source of
 * your own.
 */
@NullMarked
package dev.satchel.sdk.source;

import org.jspecify.annotations.NullMarked;
