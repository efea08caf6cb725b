package dev.satchel.publisher.kv;

import io.vertx.core.buffer.Buffer;

/** One key with its value, as a bulk write takes it. */
public record KvPair(String key, Buffer value) {}
