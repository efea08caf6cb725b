/**
 * One Workers KV namespace over Cloudflare's REST API, with Vert.x: reading, listing and writing,
 * each right on its own.
 */
@NullMarked
package dev.satchel.publisher.kv;

import org.jspecify.annotations.NullMarked;
