package dev.satchel.publisher.kv;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;

/** The body of a request, in parts so that a large value is never copied. */
record RequestBody(String contentType, List<Buffer> parts) {

  static RequestBody octets(Buffer value) {
    return new RequestBody("application/octet-stream", List.of(value));
  }

  static RequestBody json(Buffer json) {
    return new RequestBody("application/json", List.of(json));
  }

  /**
   * Returns a value with its metadata as a form. The value is a file part, because line breaks of a
   * text part are rewritten on the way.
   */
  static RequestBody form(Buffer value, JsonObject metadata) {
    var boundary = "satchel-" + UUID.randomUUID();
    var head =
        "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"value\"; filename=\"value\""
            + "\r\nContent-Type: application/octet-stream\r\n\r\n";
    var tail =
        "\r\n--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"metadata\""
            + "\r\nContent-Type: application/json\r\n\r\n"
            + metadata.encode()
            + "\r\n--"
            + boundary
            + "--\r\n";
    return new RequestBody(
        "multipart/form-data; boundary=" + boundary,
        List.of(Buffer.buffer(head), value, Buffer.buffer(tail)));
  }

  long bytes() {
    return parts.stream().mapToLong(Buffer::length).sum();
  }
}
