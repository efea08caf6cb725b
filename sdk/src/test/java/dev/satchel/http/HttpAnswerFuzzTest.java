package dev.satchel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a server answers, it is an answer within the bounds or is refused in one line. A build
 * runs this over its corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl sdk -am test -Dtest=HttpAnswerFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class HttpAnswerFuzzTest {
  private static final int MAX_BYTES = 1_000;

  @FuzzTest
  @Timeout(10)
  void whateverAServerAnswersIsReadWithinItsBoundsOrRefused(byte[] input) {
    try {
      HttpAnswer answer = AnswerReader.read(arriving(input), MAX_BYTES, input.length % 700);

      assertThat(answer.status()).isBetween(200, 999);
      assertThat(answer.body().length).isLessThanOrEqualTo(Math.min(MAX_BYTES, input.length));
      Duration wait = answer.retryAfter();
      if (wait != null) {
        assertThat(wait).isGreaterThanOrEqualTo(Duration.ZERO);
      }
    } catch (IOException refused) {
      assertThat(Reasons.inWords(refused, "host")).isNotBlank().doesNotContain("\n");
    }
  }

  private static AnswerBytes arriving(byte[] input) {
    var in = new ByteArrayInputStream(input);
    return new AnswerBytes() {
      @Override
      public int read() {
        return in.read();
      }

      @Override
      public int read(byte[] into, int from, int length) {
        return length == 0 ? 0 : in.read(into, from, Math.min(length, 7));
      }
    };
  }
}
