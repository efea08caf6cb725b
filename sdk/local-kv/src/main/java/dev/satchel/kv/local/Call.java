package dev.satchel.kv.local;

import org.jspecify.annotations.Nullable;

/** One request that has arrived whole, and what is to go wrong with it. */
record Call(
    String method,
    RawUri uri,
    @Nullable String contentType,
    Body body,
    LocalKvFaults.Fault fault) {}
