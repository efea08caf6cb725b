package dev.satchel.kv.local;

import java.util.Map;

/** A complete HTTP answer. The arrays are not copied: the maker must not use them afterwards. */
@SuppressWarnings("ArrayRecordComponent") // moved once and never compared
record Answer(int status, Map<String, String> headers, byte[] body) {

  private static final String JSON = "application/json";

  static Answer json(byte[] envelope) {
    return new Answer(200, Map.of("content-type", JSON), envelope);
  }

  static Answer of(Refusal refusal) {
    byte[] body = Json.refusal(refusal);
    return new Answer(
        refusal.status(),
        refusal.retryAfterSeconds() > 0
            ? Map.of(
                "content-type", JSON, "retry-after", Long.toString(refusal.retryAfterSeconds()))
            : Map.of("content-type", JSON),
        body);
  }

  /** Returns a value as it is, without the envelope that everything else has. */
  static Answer raw(Pair pair) {
    String type = "application/octet-stream";
    return new Answer(
        200,
        pair.expires()
            ? Map.of("content-type", type, "expiration", Long.toString(pair.expiration()))
            : Map.of("content-type", type),
        pair.value());
  }
}
