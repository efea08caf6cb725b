package dev.satchel.publisher.kv;

import dev.satchel.http.HttpAnswer;
import dev.satchel.kv.KvAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Locale;

/** One whole HTTP answer, with its body as Vert.x received it. */
record Answer(int status, MultiMap headers, Buffer body) {

  /**
   * Whether HTTP itself told where the body ends. A body that ends with its connection looks whole
   * wherever it was cut.
   */
  boolean hasKnownEnd() {
    return headers.contains("Content-Length") || headers.contains("Transfer-Encoding");
  }

  /** What the API says in it. Copies the body, so it is not for a value. */
  KvAnswer said() {
    var byName = new HashMap<String, String>();
    headers.forEach(
        header -> byName.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return new KvAnswer(new HttpAnswer(status, byName, body.getBytes(), hasKnownEnd()));
  }
}
