package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.snapshot.RadixText.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of one length as numbers, and which texts are none. */
class RadixTextTest {
  private static final String BASE_64 =
      "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

  private static RadixText form(Run... runs) {
    return Objects.requireNonNull(RadixText.of(List.of(runs)));
  }

  private static long[] parsed(RadixText form, String text) {
    return Objects.requireNonNull(form.parse(text), text);
  }

  @Test
  void aTextIsItsDigitsTheFirstTheHighest() {
    RadixText form = form(new Run("AB", 1), new Run("-", 0), new Run("0123456789", 3));

    assertThat(parsed(form, "A-000")).containsExactly(0, 0);
    assertThat(parsed(form, "A-042")).containsExactly(0, 42);
    assertThat(parsed(form, "B-999")).containsExactly(0, 1_999);
    assertThat(form.bits()).isEqualTo(11);
    for (String stranger : List.of("", "A-00", "A-0000", "C-000", "A_000", "A-00a", "A-0é0")) {
      assertThat(form.parse(stranger)).as(stranger).isNull();
    }
  }

  /** Forms whose numbers need one word, two, and all 128 bits of both. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 10, 11, 15, 20, 21})
  void everyTextHasItsOwnNumberWhateverItsLength(int places) {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    RadixText form = form(new Run("x:", 0), new Run(BASE_64, places), new Run("0123", 1));
    assertThat(form.bits()).isEqualTo(6 * places + 2);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder("x:");
      for (int place = 0; place < places; place++) {
        text.append(BASE_64.charAt(i == 0 ? 63 : random.nextInt(64)));
      }
      text.append(i == 0 ? 3 : random.nextInt(4));

      long[] words = parsed(form, text.toString());

      assertThat(form.text(words[0], words[1])).as("seed %d", seed).isEqualTo(text.toString());
      if (i == 0) {
        assertThat(words[0]).isEqualTo(places < 11 ? 0 : -1L >>> (126 - 6 * places));
        assertThat(words[1]).isEqualTo(places < 11 ? (1L << (6 * places + 2)) - 1 : -1L);
      }
    }
  }

  @Test
  void moreTextsThanANumberHasBitsAreNoForm() {
    assertThat(RadixText.of(List.of(new Run("0123456789abcdef", 32)))).isNotNull();
    assertThat(RadixText.of(List.of(new Run("0123456789abcdef", 32), new Run("01", 1)))).isNull();
    assertThat(RadixText.of(List.of(new Run("01", 512)))).isNull();
    assertThat(RadixText.of(List.of(new Run("a".repeat(513), 0)))).isNull();
  }

  @Test
  void charactersThatAreNotInOrderOrApartAreNoForm() {
    for (String bad : List.of("", "a", "aa", "ba", "aba", "a\uD83D", "a\uFFFD")) {
      assertThat(RadixText.of(List.of(new Run(bad, 3)))).as(bad).isNull();
    }
    assertThat(RadixText.of(List.of(new Run("", 0)))).isNull();
  }

  @Test
  void placesThatVaryByTurnsAreNoFormWhenTheyMakeTooManyRuns() {
    assertThat(RadixText.of(2, i -> ("-" + "ab".charAt(i)).repeat(127))).isNotNull();
    assertThat(RadixText.of(2, i -> ("-" + "ab".charAt(i)).repeat(128))).isNull();
  }

  @Test
  void aNumberOfNoTextReadsAsOne() {
    RadixText form = form(new Run("abc", 2), new Run("!", 0));

    assertThat(form.text(0, 8)).isEqualTo("cc!");
    assertThat(form.text(0, 9)).isEqualTo("aa!");
    assertThat(form.text(-1, -1)).hasSize(3);
  }

  @Test
  void theFormOfTextsIsFoundWhateverTheirOrder() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      texts.add("%s-%03d".formatted("abcdefghij".charAt(i % 10), i * 7));
    }
    RadixText form = Objects.requireNonNull(RadixText.of(texts.size(), texts::get));

    assertThat(form.runs())
        .containsExactly(new Run("abcdefghij", 1), new Run("-", 0), new Run("0123456789", 3));
    assertThat(RadixText.of(texts.size(), i -> texts.get(99 - i))).isEqualTo(form);
    assertThat(RadixText.of(2, i -> i == 0 ? "ab" : "abc")).isNull();
    assertThat(RadixText.of(2, i -> i == 0 ? "a😀" : "a😁")).isNull();
  }

  /** A dictionary of words is smaller than their letters one by one. */
  @Test
  void textsThatRepeatStayTexts() {
    var random = new Random(3);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      words.add(Long.toString(random.nextLong(1L << 50) | 1L << 60, 36));
    }
    Snapshot repeating =
        snapshot(
            i -> words.get(i % 40) + words.get(i / 40 % 40).substring(0, 4) + "%04d".formatted(i));
    Snapshot random36 = snapshot(i -> Long.toString(random.nextLong(1L << 50) | 1L << 60, 36));

    assertThat(repeating.sections().get(0).codec()).isEqualTo("texts");
    assertThat(random36.sections().get(0).codec()).isEqualTo("text radix");
  }

  private static Snapshot snapshot(IntFunction<Object> ids) {
    return Snapshot.open(Samples.encode(ids, 10_000, Map.of()));
  }
}
