package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is sent to the local server, its path and parts are read or refused. A build runs this
 * over its corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl sdk -am test -Dtest=RequestFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class RequestFuzzTest {
  /** The first line is the target, the second the content type, and the rest the body. */
  @FuzzTest
  @Timeout(10)
  void whateverIsSentIsReadOrRefused(byte[] input) {
    String[] text = new String(input, StandardCharsets.ISO_8859_1).split("\n", 3);
    try {
      int query = text[0].indexOf('?');
      var uri =
          query < 0
              ? new RawUri(text[0], null)
              : new RawUri(text[0].substring(0, query), text[0].substring(query + 1));
      for (String segment : uri.segments()) {
        assertThat(segment).doesNotContain("/");
        String key = RawUri.decoded(segment);
        assertThat(key.length()).isLessThanOrEqualTo(segment.length());
      }
    } catch (Refusal refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
    if (text.length == 3 && Multipart.isMultipart(text[1])) {
      byte[] body = text[2].getBytes(StandardCharsets.ISO_8859_1);
      try {
        Multipart.parts(text[1], body)
            .values()
            .forEach(part -> assertThat(part.length).isLessThan(body.length));
      } catch (Refusal refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }
}
