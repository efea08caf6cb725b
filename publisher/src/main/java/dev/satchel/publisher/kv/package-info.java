/**
 * Access to one Workers KV namespace over Cloudflare's REST API, with Vert.x; reading, listing and
 * writing are separate rights.
 */
@NullMarked
package dev.satchel.publisher.kv;

import org.jspecify.annotations.NullMarked;
