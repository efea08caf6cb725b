package dev.satchel.kv.local;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's target, split before anything in it is decoded. */
final class RawUri {
  private final List<String> segments;
  private final Map<String, String> query = new HashMap<>();

  RawUri(@Nullable String path, @Nullable String query) {
    String whole = path == null ? "" : path;
    segments = List.of((whole.startsWith("/") ? whole.substring(1) : whole).split("/", -1));
    if (query != null) {
      for (String parameter : query.split("&", -1)) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        // in a query, unlike in a path, a plus sign stands for a space
        this.query.putIfAbsent(decoded(name.replace('+', ' ')), decoded(value.replace('+', ' ')));
      }
    }
  }

  /** Returns the segments of the path as they were sent. */
  List<String> segments() {
    return segments;
  }

  @Nullable String query(String name) {
    return query.get(name);
  }

  /** Returns {@code raw} with its percent escapes resolved once; a plus sign stays. */
  static String decoded(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '%') {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw Refusal.badRequest(
              "expected two hexadecimal digits after a percent sign in the URI");
        }
        b = (byte) (high << 4 | low);
        i += 2;
      }
      bytes[length++] = b;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw Refusal.badRequest("expected UTF-8 in the URI");
    }
  }
}
