package dev.satchel.publisher.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.satchel.kv.Credentials;
import dev.satchel.kv.KvAnswer;
import dev.satchel.kv.Refusals;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a store answers, it is put into one line that does not hold the token. A build runs this
 * over its corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl publisher -am test -Dtest=AnswerFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class AnswerFuzzTest {
  private static final String TOKEN = "token-of-the-fuzz-test";
  private static final Refusals REFUSALS = new Refusals(Credentials.token(TOKEN));

  /** The first line is Retry-After and Date at once, and the rest the body. */
  @FuzzTest
  @Timeout(10)
  void whateverAStoreAnswersIsUnderstoodOrToldInOneLine(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    int end = Math.max(0, text.indexOf('\n'));
    var headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("Retry-After", text.substring(0, end)).add("Date", text.substring(0, end));
    headers.add("Content-Type", text.substring(0, end));

    for (int status : List.of(200, 404, 429, 500)) {
      KvAnswer answer = new KvResponse(status, headers, Buffer.buffer(text.substring(end))).said();
      var envelope = answer.envelope();
      assertThat(answer.saysKeyIsMissing() && status != 404).isFalse();
      for (var failure :
          List.of(REFUSALS.refusal("GET /x", answer), REFUSALS.unusable("GET /x", "y", answer))) {
        assertThat(failure.getMessage())
            .doesNotContain("\n")
            .doesNotContain(TOKEN)
            .hasSizeLessThan(2_000);
        assertThat(failure.retryAfter().map(wait -> wait.isNegative()).orElse(false)).isFalse();
      }
      assertThat(envelope == null || envelope.path("success").isBoolean()).isTrue();
    }
  }
}
