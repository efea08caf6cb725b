package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One user may write what a JSON column holds, and must not make all others wait or fail. */
class OneUsersValueTest {
  private static final int OTHERS = 2_000;

  /** A list of two numbers that counts how often it is compared with another. */
  private static final class Counted extends AbstractList<Object> {
    private final List<Object> numbers;
    private final long[] comparisons;

    Counted(long i, long[] comparisons) {
      this.numbers = List.of(i, 4_000_000 - 31 * i);
      this.comparisons = comparisons;
    }

    @Override
    public Object get(int index) {
      return numbers.get(index);
    }

    @Override
    public int size() {
      return numbers.size();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      comparisons[0]++;
      return super.equals(other);
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  @Test
  void valuesOfOneJavaHashAreNotComparedWithEachOther() {
    assertThat(new Counted(1, new long[1])).hasSameHashCodeAs(new Counted(40_000, new long[1]));

    for (int values : new int[] {20_000, 40_000}) {
      long[] comparisons = new long[1];
      var buffer = new ValueBuffer();
      for (int twice = 0; twice < 2; twice++) {
        for (long i = 0; i < values; i++) {
          buffer.add(new Counted(i, comparisons));
        }
      }
      assertThat(comparisons[0]).isBetween((long) values, values + 1_000L);
      assertThat(Objects.requireNonNull(buffer.rows().distinct()).size()).isEqualTo(values);
    }
  }

  @Test
  void keysOfEqualValuesAreEqualAndNoOthers() {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(null);
    values.addAll(
        List.of(
            1L,
            "a",
            List.of(),
            List.of(1L),
            List.of(1.0),
            List.of(new BigDecimal("1.0")),
            List.of(new BigDecimal("1.00")),
            List.of("a"),
            List.of("a", "b"),
            List.of("ab"),
            List.of(List.of("a"), "b"),
            List.of(true),
            Map.of(),
            Map.of("a", 1L, "b", 2L),
            Map.of("a", 2L, "b", 1L)));
    for (int i = 0; i < values.size(); i++) {
      for (int j = 0; j < values.size(); j++) {
        assertThat(equal(ValueKey.of(values.get(i)), ValueKey.of(values.get(j))))
            .as("%s and %s", values.get(i), values.get(j))
            .isEqualTo(i == j);
      }
    }
    assertThat(ValueKey.of(PlainValue.canonical(values.get(14))))
        .isEqualTo(ValueKey.of(values.get(14)));
  }

  private static boolean equal(@Nullable Object a, @Nullable Object b) {
    return Objects.equals(a, b) && Objects.hashCode(a) == Objects.hashCode(b);
  }

  static Stream<Object> largeValues() {
    return Stream.of(
        "x".repeat(1 << 20),
        "x-1".repeat(1 << 18),
        Map.of("a", "x".repeat(1 << 20)),
        Map.of("a", List.of("x".repeat(1 << 20))),
        new BigDecimal("1" + "0".repeat(100_000)));
  }

  @ParameterizedTest
  @MethodSource("largeValues")
  void aLargeValueOfAFormOfItsOwnIsNotWrittenForEveryOtherUser(Object large) {
    SnapshotEncoder encoder = new SnapshotEncoder(List.of("settings"));
    for (long user = 0; user < OTHERS; user++) {
      encoder.add(user, new Object[] {user == 0 ? large : List.of(user, user * 7)});
    }

    Snapshot snapshot = Snapshot.open(encoder.encode(1, Instant.EPOCH));

    assertThat(snapshot.sections().get(1).openedBytes()).isLessThan(4 << 20);
    Field settings = Objects.requireNonNull(snapshot.field("settings"));
    assertThat(settings.value(snapshot.find(0L))).isEqualTo(large);
    assertThat(settings.value(snapshot.find(1_999L))).isEqualTo(List.of(1_999L, 13_993L));
  }
}
