package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MixedPaddingTest {

  @Test
  void digitsThatNoOneWidthOfZerosSaysStayTexts() {
    var encoder = new SnapshotEncoder(List.of("digits", "code"));
    for (long i = 0; i < 5000; i++) {
      encoder.add(i, new @Nullable Object[] {digits(i), "code-" + digits(i)});
    }

    Snapshot snapshot = Snapshot.open(encoder.encode(1, Instant.EPOCH));

    Field digits = Objects.requireNonNull(snapshot.field("digits"));
    Field code = Objects.requireNonNull(snapshot.field("code"));
    for (long i = 0; i < 5000; i++) {
      int user = snapshot.find(i);
      assertThat(digits.value(user)).isEqualTo(digits(i));
      assertThat(code.value(user)).isEqualTo("code-" + digits(i));
    }
  }

  private static String digits(long i) {
    return (i % 3 == 0 ? "00" : "") + i;
  }
}
