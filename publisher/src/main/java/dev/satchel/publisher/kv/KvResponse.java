package dev.satchel.publisher.kv;

import dev.satchel.http.HttpAnswer;
import dev.satchel.kv.KvAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Locale;

/** One complete HTTP response, with its body as Vert.x received it. */
record KvResponse(int status, MultiMap headers, Buffer body) {

  /**
   * Returns whether HTTP itself marks the end of the body. A body that ends when its connection
   * does looks complete wherever it was cut.
   */
  boolean hasKnownEnd() {
    return headers.contains("Content-Length") || headers.contains("Transfer-Encoding");
  }

  /** Returns the API's answer in the body. Copies the body, so it is not meant for a value. */
  KvAnswer said() {
    var byName = new HashMap<String, String>();
    headers.forEach(
        header -> byName.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return new KvAnswer(new HttpAnswer(status, byName, body.getBytes(), hasKnownEnd()));
  }
}
