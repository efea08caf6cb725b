package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What bounds a snapshot, on the way out and on the way in. */
class SnapshotLimitsTest {
  private static final Unsealed FEW =
      Unsealed.of(Samples.encode(i -> (long) i, 40, new TreeMap<>()));

  @Test
  void bucketsThatDoNotAddUpToTheUsersAreRefused() {
    for (int users : new int[] {0, 39, 41, Integer.MAX_VALUE - 8, -1}) {
      byte[] value = new Unsealed(users, FEW.parts()).seal();
      assertThatThrownBy(() -> Snapshot.open(value))
          .as("%d users", users)
          .isInstanceOf(SnapshotFormatException.class);
    }
  }

  @Test
  void aBucketThatALookupWouldTakeLongForIsRefused() {
    // one bucket, 8 bits for each id below it, all ids in order
    for (int users : new int[] {63, 64}) {
      byte[] counts = {(byte) users};
      byte[] prints = new byte[users];
      for (int i = 0; i < users; i++) {
        prints[i] = (byte) i;
      }
      ByteWriter descriptor = new ByteWriter();
      descriptor.text("integers");
      descriptor.i64(0); // smallest
      descriptor.i64(0); // fixed bits
      descriptor.i64(0);
      descriptor.i64(0); // varying bits
      descriptor.i64(255);
      descriptor.u8(0); // not mixed
      descriptor.i64(0);
      descriptor.u8(0); // bucket bits
      Unsealed.Part ids =
          new Unsealed.Part(Snapshot.USER_IDS, descriptor.toByteArray(), List.of(counts, prints));
      byte[] value = new Unsealed(users, List.of(ids)).seal();
      if (users == 63) {
        assertThat(Snapshot.open(value).find(62L)).isEqualTo(62);
      } else {
        assertThatThrownBy(() -> Snapshot.open(value)).hasMessageContaining("at most 63");
      }
    }
  }

  @Test
  void moreFieldsThanThereAreOrNegativelyManyAreRefused() {
    ByteWriter one = new ByteWriter();
    one.text("constant");
    one.u8(1);
    for (long fields : new long[] {2, 4097, Integer.MAX_VALUE, -1L, 1L << 32}) {
      Unsealed sample = FEW.plus(new Unsealed.Part("f", one.toByteArray(), List.of()));
      byte[] value = sample.sealedWithFieldCount(fields);
      assertThatThrownBy(() -> Snapshot.open(value)).isInstanceOf(SnapshotFormatException.class);
    }
  }

  @Test
  void aFieldThatIsThereTwiceIsRefused() {
    ByteWriter constant = new ByteWriter();
    constant.text("constant");
    constant.u8(1);
    Unsealed.Part part = new Unsealed.Part("f", constant.toByteArray(), List.of());
    byte[] value = FEW.plus(part).plus(part).seal();
    assertThatThrownBy(() -> Snapshot.open(value)).hasMessageContaining("different names");
  }

  @Test
  void aDictionaryOfMoreValuesThanRowsIsRefused() {
    refused(
        out -> {
          out.text("dictionary");
          out.varint(1 << 30);
          out.u8(0);
          out.text("constant");
          out.u8(1);
        });
  }

  @Test
  void listsWithinListsThatMultiplyAreRefusedBeforeOneIsMade() {
    byte[] hundreds = new byte[40];
    Arrays.fill(hundreds, (byte) 255);
    byte[] inner = new byte[40 * 255];
    Arrays.fill(inner, (byte) 255);
    byte[] innermost = new byte[1 << 20];
    Arrays.fill(innermost, (byte) 255);
    List<byte[]> contents = new ArrayList<>(List.of(hundreds, inner));
    int rows = 40 * 255 * 255;
    for (int left = rows; left > 0; left -= innermost.length) {
      contents.add(Arrays.copyOf(innermost, Math.min(left, innermost.length)));
    }
    refused(
        out -> {
          int elements = 40;
          for (int level = 0; level < 3; level++) {
            elements *= 255;
            out.text("lists");
            out.u8(1);
            out.varint(elements);
          }
          out.text("constant");
          out.u8(1);
        },
        contents.toArray(byte[][]::new));
  }

  @Test
  void anElementOfAListIsNeverAbsentHoweverItIsWritten() {
    byte[] ones = new byte[40];
    Arrays.fill(ones, (byte) 1);
    byte[] nothing = new byte[40];
    byte[] bits = new byte[40 * Long.BYTES];
    Arrays.fill(bits, (byte) 255);
    byte[] codes = Arrays.copyOf(bits, 40 / Byte.SIZE);
    Consumer<ByteWriter> list =
        out -> {
          out.text("lists");
          out.u8(1);
          out.varint(40);
        };
    Consumer<ByteWriter> constantNull =
        out -> {
          out.text("constant");
          out.u8(1);
        };
    refused(
        list.andThen(
            out -> {
              out.text("constant");
              out.u8(0);
            }),
        ones);
    refused(
        list.andThen(
            out -> {
              out.text("values");
              out.varint(40);
            }),
        ones,
        nothing);
    refused(
        list.andThen(
            out -> {
              out.text("packed");
              out.u8(1);
              out.varint(40);
            }),
        ones,
        ones,
        nothing);
    refused(
        list.andThen(
            out -> {
              out.text("doubles");
              out.u8(1);
              out.u8(6);
            }),
        ones,
        bits);
    refused(
        list.andThen(
                out -> {
                  out.text("dictionary");
                  out.varint(1);
                  out.u8(1);
                  out.u8(0);
                })
            .andThen(constantNull),
        ones,
        codes);
    refused(
        list.andThen(
                out -> {
                  out.text("choice");
                  out.varint(1);
                  out.u8(1);
                  out.u8(0);
                })
            .andThen(constantNull),
        ones,
        codes);
  }

  @Test
  void aPatternThatRepeatsALongTextInAListIsRefused() {
    byte[] lengths = new byte[40];
    Arrays.fill(lengths, (byte) 255);
    refused(
        out -> {
          out.text("lists");
          out.u8(1);
          out.varint(40 * 255);
          out.text("pattern");
          out.varint(0);
          out.text("x".repeat(500_000));
        },
        lengths);
  }

  @Test
  void aTextThatStartsWithAnotherFieldsIsRefusedWhereRowsAreNoUsers() {
    byte[] lengths = new byte[40];
    Arrays.fill(lengths, (byte) 2);
    ByteWriter nested = new ByteWriter();
    nested.text("lists");
    nested.u8(1);
    nested.varint(80);
    nested.text("prefixed");
    nested.varint(0);
    nested.text("constant");
    PlainValue.write(nested, "x");
    Unsealed sample =
        FEW.plus(constant("base", "b"))
            .plus(new Unsealed.Part("hostile", nested.toByteArray(), List.of(lengths)));
    Snapshot snapshot = Snapshot.open(sample.seal());
    assertThatThrownBy(() -> snapshot.field("hostile"))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessageContaining("40 users");
  }

  @Test
  void aChainOfFieldsIsFollowedSoFarAndACircleNotAtAll() {
    Unsealed chain = FEW.plus(constant("field 0", "x"));
    for (int i = 1; i < 4000; i++) {
      chain = chain.plus(prefixed("field " + i, i - 1));
    }
    byte[] value = chain.seal();
    for (boolean lastFirst : new boolean[] {true, false}) {
      Snapshot snapshot = Snapshot.open(value);
      if (lastFirst) {
        assertThatThrownBy(() -> snapshot.field("field 3999")).hasMessageContaining("chain");
      }
      for (int i = 0; i <= LazyField.MAX_LINKS; i++) {
        String text = Samples.field(snapshot, "field " + i).stringAt(0, null);
        assertThat(text).isEqualTo("x".repeat(i + 1));
      }
      assertThatThrownBy(() -> snapshot.field("field 9")).hasMessageContaining("chain");
    }
    Unsealed circle = FEW.plus(prefixed("a", 1)).plus(prefixed("b", 0)).plus(prefixed("c", 2));
    Snapshot snapshot = Snapshot.open(circle.seal());
    for (String name : List.of("a", "b", "c")) {
      assertThatThrownBy(() -> snapshot.field(name)).isInstanceOf(SnapshotFormatException.class);
    }
  }

  @Test
  void theEncoderKeepsChainsAsShortAsReadersFollow() {
    Map<String, IntFunction<@Nullable Object>> fields = new TreeMap<>();
    for (int length = 1; length <= 10; length++) {
      String tail = "-and-so-on".repeat(length);
      fields.put("field " + (char) ('a' + length), i -> "é" + i * 7919L + tail);
    }
    Snapshot snapshot = Snapshot.open(Samples.encode(i -> (long) i, 65_600, fields));
    long prefixed = snapshot.sections().stream().filter(s -> s.codec().equals("prefixed")).count();
    assertThat(prefixed).isPositive();
    fields.forEach(
        (name, values) -> {
          for (int i = 0; i < 65_600; i += 999) {
            int user = snapshot.find((long) i);
            assertThat(Samples.field(snapshot, name).value(user)).isEqualTo(values.apply(i));
          }
        });
  }

  @Test
  void anObjectWithOneKeyTwiceIsRefused() {
    refused(
        out -> {
          out.text("objects");
          out.varint(2);
          for (int i = 0; i < 2; i++) {
            out.text("k");
            out.text("constant");
            out.u8(1);
          }
        });
    refused(
        out -> {
          out.text("constant");
          out.u8(9); // an object
          out.varint(2);
          for (int i = 0; i < 2; i++) {
            out.text("k");
            out.u8(1);
          }
        });
  }

  @Test
  void scalesThatNoDecimalHasAreRefused() {
    for (long scale : new long[] {200_001, -200_001, Long.MIN_VALUE, Long.MAX_VALUE}) {
      refused(
          out -> {
            out.text("decimals");
            out.zigzag(scale);
            out.i64(0);
            out.i64(1);
            out.u8(0);
          });
      refused(
          out -> {
            out.text("constant");
            out.u8(6); // a decimal
            out.zigzag(scale);
            out.varint(1);
            out.u8(1);
          });
    }
  }

  @Test
  void timesBeyondTheCalendarReadAsTheNearest() {
    ByteWriter out = new ByteWriter();
    out.text("times");
    out.u8(TimeText.DATE.code());
    out.i64(Long.MAX_VALUE);
    out.i64(1);
    out.u8(0);
    Snapshot snapshot =
        Snapshot.open(FEW.plus(new Unsealed.Part("t", out.toByteArray(), List.of())).seal());
    assertThat(Samples.field(snapshot, "t").value(0)).isEqualTo("9999-12-31");
  }

  @Test
  void listsThatClaimMoreThanTheyHaveCostNothing() {
    // a list within a list within a list, each of which claims all bytes behind it
    ByteWriter out = new ByteWriter();
    out.text("packed");
    out.u8(4);
    int bytes = 20_000_000;
    out.varint(bytes);
    byte[] content = new byte[bytes];
    int at = 0;
    for (int depth = 0; depth < PlainValue.DEEPEST; depth++) {
      ByteWriter list = new ByteWriter();
      list.u8(8);
      list.varint(bytes - 1000L);
      list.copyTo(content, at);
      at += list.length();
    }
    byte[] lengths = new byte[160];
    LittleEndian.putInt(lengths, 0, bytes);
    long allocated =
        allocated(() -> refused(o -> o.bytes(out.toByteArray()), lengthsAnd(lengths, content)));
    assertThat(allocated).isLessThan(400_000_000L); // the test's own copies are most of it
  }

  @Test
  void whatAFieldHoldsAsObjectsIsBounded() {
    byte[] many = new byte[(1 << 20) + 1];
    many[0] = 8;
    refused(
        out -> {
          out.text("values");
          out.varint(many.length);
        },
        Arrays.copyOf(many, 1 << 20),
        new byte[1]);
    ByteWriter constant = new ByteWriter();
    constant.text("constant");
    PlainValue.write(constant, "x".repeat((1 << 20) + 1));
    Unsealed sample = FEW.plus(new Unsealed.Part("f", constant.toByteArray(), List.of()));
    assertThatThrownBy(() -> Snapshot.open(sample.seal())).hasMessageContaining("descriptor");
  }

  @Test
  void largeValuesThatRepeatComeBackThoughTheyAreNotHeldAsObjects() {
    Map<String, IntFunction<@Nullable Object>> fields = new TreeMap<>();
    fields.put("one", i -> "x".repeat(2_000_000));
    fields.put("few", i -> Collections.nCopies(300_000, (long) (i % 3)));
    fields.put("texts", i -> List.of("y".repeat(1_500_000), "z".repeat(i)));
    Snapshot snapshot = Snapshot.open(Samples.encode(i -> (long) i, 9, fields));
    fields.forEach(
        (name, values) -> {
          for (int i = 0; i < 9; i++) {
            Object value = Samples.field(snapshot, name).value(snapshot.find((long) i));
            assertThat(values.apply(i)).isEqualTo(value);
          }
        });
  }

  @Test
  void valuesNestedAsDeepAsAllowedComeBack() {
    Map<String, IntFunction<@Nullable Object>> fields = new TreeMap<>();
    fields.put("lists", i -> nested(i, PlainValue.DEEPEST, true));
    fields.put("objects", i -> nested(i, 50, false));
    Snapshot snapshot = Snapshot.open(Samples.encode(i -> (long) i, 258, fields));
    fields.forEach(
        (name, values) -> {
          for (int i = 0; i < 258; i++) {
            Object value = Samples.field(snapshot, name).value(snapshot.find((long) i));
            assertThat(values.apply(i)).isEqualTo(value);
          }
        });
    SnapshotEncoder encoder = new SnapshotEncoder(List.of("f"));
    Object tooDeep = nested(1, PlainValue.DEEPEST + 1, true);
    assertThatThrownBy(() -> encoder.add(1L, new Object[] {tooDeep}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field f")
        .hasMessageContaining("100 deep");
  }

  private static Object nested(int i, int depth, boolean lists) {
    Object value = (long) i;
    for (int level = 0; level < depth; level++) {
      // two forms in each level, so that columns are nested twice as deep as values
      value = lists ? List.of("t" + i, value) : Map.of("a", value, "b" + i % 2, (long) level);
    }
    return value;
  }

  @Test
  void valuesThatNoReaderWouldTakeAreRefusedWithTheirField() {
    SnapshotEncoder encoder = new SnapshotEncoder(List.of("f"));
    Map<@Nullable String, Object> nullKey = new HashMap<>();
    nullKey.put(null, 1L);
    for (Object value :
        List.of(
            "x".repeat(PlainValue.MAX_WEIGHT),
            Collections.nCopies(PlainValue.MAX_WEIGHT / 16, true),
            new BigDecimal("1e300000"),
            new BigDecimal("9".repeat(160_000)),
            List.of(Snapshot.ABSENT),
            Map.of("k", Snapshot.ABSENT),
            Map.of(1L, "k"),
            nullKey,
            Double.NaN,
            "\uD800",
            17)) {
      assertThatThrownBy(() -> encoder.add(1L, new Object[] {value}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("field f: expected");
    }
  }

  @Test
  void theLastDayOfTheCalendarComesBackBesideTheFirst() {
    Map<String, IntFunction<@Nullable Object>> fields = new TreeMap<>();
    fields.put("day", i -> i % 3 == 0 ? "9999-12-31" : "1970-01-" + (10 + i % 20));
    fields.put("moment", i -> i % 300 == 0 ? "9999-12-31T23:59:59.999999Z" : utc(i));
    fields.put("oldest", i -> i % 300 == 0 ? "0001-01-01T00:00:00Z" : utc(i));
    Snapshot snapshot = Snapshot.open(Samples.encode(i -> (long) i, 900, fields));
    fields.forEach(
        (name, values) -> {
          for (int i = 0; i < 900; i++) {
            int user = snapshot.find((long) i);
            assertThat(Samples.field(snapshot, name).value(user)).isEqualTo(values.apply(i));
          }
        });
  }

  private static String utc(int i) {
    return TimeText.UTC.text(1_700_000_000_000_000L + i * 1_000_003L);
  }

  private static Unsealed.Part constant(String name, Object value) {
    ByteWriter descriptor = new ByteWriter();
    descriptor.text("constant");
    PlainValue.write(descriptor, value);
    return new Unsealed.Part(name, descriptor.toByteArray(), List.of());
  }

  private static Unsealed.Part prefixed(String name, int other) {
    ByteWriter descriptor = new ByteWriter();
    descriptor.text("prefixed");
    descriptor.varint(other);
    descriptor.text("constant");
    PlainValue.write(descriptor, "x");
    return new Unsealed.Part(name, descriptor.toByteArray(), List.of());
  }

  private static byte[][] lengthsAnd(byte[] lengths, byte[] content) {
    List<byte[]> runs = new ArrayList<>();
    runs.add(lengths);
    for (int at = 0; at < content.length; at += SnapshotLayout.FRAME_BYTES) {
      int end = Math.min(content.length, at + SnapshotLayout.FRAME_BYTES);
      runs.add(Arrays.copyOfRange(content, at, end));
    }
    return runs.toArray(byte[][]::new);
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** A field with this descriptor is refused, and no other is. */
  private static void refused(Consumer<ByteWriter> descriptor, byte[]... contents) {
    ByteWriter out = new ByteWriter();
    descriptor.accept(out);
    Unsealed.Part hostile =
        new Unsealed.Part("hostile", out.toByteArray(), Arrays.asList(contents));
    Snapshot snapshot = Snapshot.open(FEW.plus(hostile).plus(constant("sound", "s")).seal());
    assertThatThrownBy(() -> snapshot.field("hostile"))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessageContaining("hostile");
    assertThatCode(() -> snapshot.field("sound")).doesNotThrowAnyException();
  }
}
