package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in comes out: every kind of id and value against a plain map. */
class SnapshotModelTest {
  private static final String LATIN = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);

  /** A kind of user id, made from a random source and a running number. */
  enum Ids {
    RANDOM_UUIDS((random, i) -> new UUID(random.nextLong(), random.nextLong())),
    V4_UUIDS(
        (random, i) ->
            new UUID(
                (random.nextLong() & ~0xF000L) | 0x4000L,
                (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L)),
    V7_UUIDS(
        (random, i) ->
            new UUID(
                ((1_700_000_000_000L + i * 3L) << 16) | 0x7000L | random.nextInt(4096),
                (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L)),
    V1_UUIDS(
        (random, i) ->
            new UUID(((0x1234_5678L + i * 977L) << 32) | 0xABCD_11EFL, 0x8123_0242_AC12_0002L)),
    SEQUENTIAL_UUIDS((random, i) -> new UUID(0, i)),
    ADVERSARIAL_UUIDS((random, i) -> new UUID(0xFFFF_FFFF_FFFF_4FFFL, random.nextLong())),
    DENSE_INTEGERS((random, i) -> (long) i),
    SPARSE_INTEGERS((random, i) -> random.nextLong()),
    NEGATIVE_INTEGERS((random, i) -> -(long) i * 7),
    CLUSTERED_INTEGERS((random, i) -> (i % 3) * 4_000_000_000_000_000_000L + i),
    EXTREME_INTEGERS((random, i) -> i % 2 == 0 ? Long.MIN_VALUE + i : Long.MAX_VALUE - i),
    NUMBERED_TEXTS((random, i) -> "user-" + i),
    PADDED_TEXTS((random, i) -> "u%08d".formatted(i)),
    HEX_TEXTS((random, i) -> "%016x%08x".formatted(random.nextLong(), i)),
    UUID_TEXTS((random, i) -> "id:" + new UUID(random.nextLong(), random.nextLong())),
    CODE_TEXTS((random, i) -> "cus_" + code(random, 14, LATIN)),
    PLATE_TEXTS(
        (random, i) -> code(random, 2, LATIN.toUpperCase(Locale.ROOT)) + "-%06d".formatted(i)),
    CYRILLIC_TEXTS((random, i) -> code(random, 10, "абвгдежзийклмнопрстуфхцчшщъыьэюя")),
    WIDE_TEXTS((random, i) -> code(random, 24, LATIN)),
    TOO_WIDE_TEXTS((random, i) -> code(random, 40, LATIN)),
    SHORT_TEXTS((random, i) -> Integer.toString(i * 31, 36)),
    EMAIL_TEXTS((random, i) -> "name" + random.nextInt() + "." + i + "@example.org"),
    FOREIGN_TEXTS((random, i) -> "ünï" + i + "-日本語-😀" + Integer.toString(i, 5)),
    LONG_TEXTS((random, i) -> "x".repeat(500) + i),
    VARIED_TEXTS(
        (random, i) ->
            i == 0
                ? "\u0001"
                : "%s%d".formatted(List.of("a", "ß", "-", "0", "😀", "A B", "%2F").get(i % 7), i));

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas have no state
    private final Maker maker;

    private static String code(Random random, int length, String alphabet) {
      var code = new StringBuilder();
      for (int i = 0; i < length; i++) {
        code.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      return code.toString();
    }

    interface Maker {
      Object make(Random random, int i);
    }

    Ids(Maker maker) {
      this.maker = maker;
    }

    Object make(Random random, int i) {
      return maker.make(random, i);
    }
  }

  @ParameterizedTest
  @EnumSource(Ids.class)
  void everyIdIsFoundAndNoOther(Ids kind) {
    long seed = ThreadLocalRandom.current().nextLong();
    for (int size : new int[] {0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 1000, 20_000}) {
      Random random = new Random(seed);
      Map<Object, Object> model = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        model.put(kind.make(random, i), (long) i);
      }
      SnapshotEncoder encoder = new SnapshotEncoder(List.of("n"));
      model.forEach((id, n) -> encoder.add(id, new Object[] {n}));

      Snapshot snapshot = Snapshot.open(encoder.encode(7, NOW));

      assertThat(snapshot.users()).as("seed %d", seed).isEqualTo(model.size());
      Object[] inRow = new Object[snapshot.users() / 2];
      int first = snapshot.users() / 3;
      snapshot.ids(first, inRow);
      for (int i = 0; i < inRow.length; i++) {
        assertThat(inRow[i]).as("seed %d", seed).isEqualTo(snapshot.id(first + i));
      }
      Field field = Objects.requireNonNull(snapshot.field("n"));
      model.forEach(
          (id, n) -> {
            int user = find(snapshot, id);
            assertThat(user).as("seed %d size %d id %s", seed, size, id).isNotNegative();
            assertThat(field.value(user)).isEqualTo(n);
            assertThat(snapshot.id(user)).isEqualTo(id);
            assertThat(snapshot.find(id.toString())).isEqualTo(user);
          });
      for (int i = 0; i < 200; i++) {
        Object absent = kind.make(random, size + 1 + i);
        if (!model.containsKey(absent)) {
          assertThat(find(snapshot, absent)).as("seed %d id %s", seed, absent).isNegative();
        }
      }
      for (String stranger :
          List.of(
              "",
              "-",
              "0",
              "00",
              "-0",
              "+1",
              "1 ",
              "user-",
              "user-01",
              "ü",
              "zzzzzzzz-zzzz",
              "cus_")) {
        assertThat(snapshot.find(stranger) >= 0)
            .as(stranger)
            .isEqualTo(
                model.containsKey(stranger) || (stranger.equals("0") && model.containsKey(0L)));
      }
      snapshot.find(new UUID(random.nextLong(), random.nextLong()));
      snapshot.find(random.nextLong());
    }
  }

  private static int find(Snapshot snapshot, Object id) {
    return id instanceof UUID uuid
        ? snapshot.find(uuid)
        : id instanceof Long number ? snapshot.find(number) : snapshot.find((String) id);
  }

  /** Makers of values, from plain to mixed. */
  private static List<Function<Random, @Nullable Object>> makers() {
    List<String> words = List.of("red", "green", "blue", "", "ünï", "日本", "😀");
    return List.of(
        random -> random.nextBoolean(),
        random -> random.nextInt(10) < 3,
        random -> List.of(true, false, Snapshot.ABSENT).get(random.nextInt(3)),
        random -> random.nextInt(4) == 0 ? null : random.nextBoolean(),
        random -> (long) random.nextInt(8),
        random -> (long) random.nextInt(1 << random.nextInt(31)),
        random -> random.nextLong(),
        random -> random.nextInt(1_000_000) * 1000L - 5,
        random -> random.nextDouble(),
        random -> random.nextInt(100_000) / 100.0,
        random -> random.nextInt(3) == 0 ? -0.0 : random.nextGaussian() * 1e300,
        random -> new BigDecimal(BigInteger.valueOf(random.nextLong()), 2),
        random -> new BigDecimal(new BigInteger(300, random), random.nextInt(90) - 40),
        random -> words.get(random.nextInt(words.size())),
        random -> words.get(random.nextInt(words.size())) + random.nextInt(),
        random -> "word-" + random.nextInt(100) + "_" + "%05d".formatted(random.nextInt(99_999)),
        random -> "%03d".formatted(random.nextInt(2000)),
        random -> new UUID(random.nextLong(), random.nextLong()).toString(),
        random -> Instant.ofEpochSecond(random.nextInt()).toString(),
        random -> TimeText.CODES.get(random.nextInt(4)).text(random.nextInt(700_000)),
        random -> TimeText.UTC.text(random.nextLong() % 60_000_000_000_000_000L),
        random -> random.nextInt(3) == 0 ? "2026-02-30" : "2026-02-" + (10 + random.nextInt(19)),
        random -> randomText(random, random.nextInt(20)),
        random -> randomText(random, random.nextInt(600)),
        random -> randomList(random, () -> words.get(random.nextInt(words.size()))),
        random -> randomList(random, () -> random.nextLong()),
        random -> randomList(random, () -> random.nextInt(3) == 0 ? null : randomText(random, 4)),
        random -> randomJson(random, 0),
        random -> random.nextInt(50) == 0 ? randomJson(random, 0) : (Object) random.nextLong(),
        random -> "same",
        random -> null,
        random -> Snapshot.ABSENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 63, 64, 65, 257, 1000, 5000})
  void everyValueComesBackAsItWas(int size) {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    List<Function<Random, @Nullable Object>> makers = makers();
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < makers.size(); i++) {
      fields.add("field " + i);
    }
    Map<UUID, @Nullable Object[]> model = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      @Nullable Object[] row = new @Nullable Object[makers.size()];
      for (int f = 0; f < row.length; f++) {
        row[f] = makers.get(f).apply(random);
      }
      model.put(new UUID(random.nextLong(), random.nextLong()), row);
    }

    byte[] value = encode(fields, new ArrayList<>(model.entrySet()));
    Snapshot snapshot = Snapshot.open(value);

    assertThat(snapshot.fieldNames()).isEqualTo(fields);
    assertThat(snapshot.revision()).isEqualTo(7);
    assertThat(snapshot.publishedAt()).isEqualTo(NOW);
    for (int f = 0; f < fields.size(); f++) {
      Field field = Objects.requireNonNull(snapshot.field(fields.get(f)));
      for (Map.Entry<UUID, @Nullable Object[]> entry : model.entrySet()) {
        int user = snapshot.find(entry.getKey());
        Object expected = entry.getValue()[f];
        assertThat(field.value(user))
            .as("seed %d size %d %s", seed, size, fields.get(f))
            .isEqualTo(expected);
        checkTyped(field, user, expected);
      }
    }
  }

  private static void checkTyped(Field field, int user, @Nullable Object expected) {
    assertThat(field.booleanAt(user, false)).isEqualTo(Boolean.TRUE.equals(expected));
    assertThat(field.booleanAt(user, true)).isEqualTo(!Boolean.FALSE.equals(expected));
    assertThat(field.longAt(user, 42)).isEqualTo(Column.longOf(expected, 42));
    double asDouble = expected instanceof Number number ? number.doubleValue() : 0.5;
    assertThat(field.doubleAt(user, 0.5)).isEqualTo(asDouble);
    assertThat(field.stringAt(user, null)).isEqualTo(expected instanceof String ? expected : null);
    for (String element : List.of("red", "", "日本", "nobody")) {
      assertThat(field.containsAt(user, element))
          .isEqualTo(expected instanceof List<?> list && list.contains(element));
    }
    if (expected instanceof String text) {
      assertThat(field.column().textEquals(user, text)).isTrue();
      assertThat(field.column().textEquals(user, text + "x")).isFalse();
      assertThat(field.column().textEquals(user, "x" + text)).isFalse();
    }
  }

  @Test
  void anOrderOfRowsDoesNotShow() {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    List<Function<Random, @Nullable Object>> makers = makers();
    List<String> fields = new ArrayList<>();
    List<Map.Entry<UUID, @Nullable Object[]>> rows = new ArrayList<>();
    for (int i = 0; i < makers.size(); i++) {
      fields.add("field " + i);
    }
    for (int i = 0; i < 3000; i++) {
      @Nullable Object[] row = new @Nullable Object[makers.size()];
      for (int f = 0; f < row.length; f++) {
        row[f] = makers.get(f).apply(random);
      }
      rows.add(Map.entry(new UUID(random.nextLong(), random.nextLong()), row));
    }
    byte[] first = encode(fields, rows);
    Collections.shuffle(rows, random);
    assertThat(encode(fields, rows)).as("seed %d", seed).isEqualTo(first);
  }

  /** A code of two bytes tells so many values; one more and the encoder keeps them one by one. */
  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537})
  void asManyUsersAndValuesAsACodeTellsComeBackInWhateverOrder(int size) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    List<byte[]> values = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      Collections.shuffle(order, new Random(round));
      SnapshotEncoder encoder = new SnapshotEncoder(List.of("text", "number", "flag"));
      for (int i : order) {
        encoder.add((long) i, new Object[] {"t" + i, i * 31L, i % 3 == 0});
      }
      values.add(encoder.encode(7, NOW));
    }
    assertThat(values.get(0)).isEqualTo(values.get(1));
    Snapshot snapshot = Snapshot.open(values.get(0));
    assertThat(snapshot.users()).isEqualTo(size);
    Field text = Objects.requireNonNull(snapshot.field("text"));
    Field number = Objects.requireNonNull(snapshot.field("number"));
    Field flag = Objects.requireNonNull(snapshot.field("flag"));
    for (long i = 0; i < size; i++) {
      int user = snapshot.find(i);
      boolean same =
          ("t" + i).equals(text.value(user))
              && number.longAt(user, -1) == i * 31
              && flag.booleanAt(user, i % 3 != 0) == (i % 3 == 0);
      assertThat(same).as("user %d", i).isTrue();
    }
    assertThat(snapshot.find((long) size)).isEqualTo(Snapshot.NO_USER);
  }

  @Test
  void anEmailThatStartsWithTheUsernameIsStoredOnce() {
    Random random = new Random(3);
    SnapshotEncoder encoder = new SnapshotEncoder(List.of("email", "username"));
    int users = 70_000;
    for (int i = 0; i < users; i++) {
      String name = "brave-tiger-" + Integer.toString(random.nextInt(), 36) + i;
      encoder.add((long) i, new Object[] {name + "@example.org", name});
    }
    Snapshot snapshot = Snapshot.open(encoder.encode(1, NOW));
    assertThat(snapshot.sections().get(1).codec()).isEqualTo("prefixed");
    assertThat(snapshot.sections().get(1).valueBytes()).isLessThan(200);
    Field email = Objects.requireNonNull(snapshot.field("email"));
    Field username = Objects.requireNonNull(snapshot.field("username"));
    for (int user = 0; user < users; user += 777) {
      assertThat(email.stringAt(user, "")).isEqualTo(username.stringAt(user, "") + "@example.org");
    }
  }

  @Test
  void aSecondUserOfTheSameIdIsRefusedByName() {
    for (Object id : List.of(new UUID(1, 2), 17L, "user-5", "some text")) {
      SnapshotEncoder encoder = new SnapshotEncoder(List.of());
      encoder.add(id, new Object[0]);
      encoder.add(other(id), new Object[0]);
      encoder.add(id, new Object[0]);
      assertThatThrownBy(() -> encoder.encode(1, NOW))
          .isInstanceOf(DuplicateUserException.class)
          .hasMessageContaining(id.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 100_000})
  void theSameOneOfSeveralRepeatedIdsIsNamedWhateverTheOrder(int size) {
    var random = new Random(11);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ids.add(new UUID(random.nextLong(), random.nextLong()));
    }
    ids.addAll(List.of(ids.get(0), ids.get(1), ids.get(size / 2), ids.get(size - 1)));
    Set<String> messages = new HashSet<>();
    for (int round = 0; round < 5; round++) {
      Collections.shuffle(ids, random);
      SnapshotEncoder encoder = new SnapshotEncoder(List.of());
      ids.forEach(id -> encoder.add(id, new Object[0]));
      messages.add(
          catchThrowableOfType(DuplicateUserException.class, () -> encoder.encode(1, NOW))
              .getMessage());
    }
    assertThat(messages).hasSize(1);
  }

  @Test
  void manyUsersOfTheSameIdAreRefusedByName() {
    for (Object id : List.of(new UUID(1, 2), 17L, "user-5", "some text")) {
      SnapshotEncoder encoder = new SnapshotEncoder(List.of());
      encoder.add(other(id), new Object[0]);
      for (int i = 0; i < 1000; i++) {
        encoder.add(id, new Object[0]);
      }
      assertThatThrownBy(() -> encoder.encode(1, NOW))
          .isInstanceOf(DuplicateUserException.class)
          .hasMessageContaining(id.toString());
    }
  }

  private static Object other(Object id) {
    return id instanceof UUID ? new UUID(5, 5) : id instanceof Long ? (Object) 18L : id + "6";
  }

  private static byte[] encode(
      List<String> fields, List<Map.Entry<UUID, @Nullable Object[]>> rows) {
    SnapshotEncoder encoder = new SnapshotEncoder(fields);
    rows.forEach(row -> encoder.add(row.getKey(), row.getValue()));
    return encoder.encode(7, NOW);
  }

  private static String randomText(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int point =
          switch (random.nextInt(8)) {
            case 0 -> 0x1F600 + random.nextInt(50);
            case 1 -> 0x4E00 + random.nextInt(500);
            case 2 -> 0xC0 + random.nextInt(60);
            case 3 -> '-';
            case 4 -> '0' + random.nextInt(10);
            default -> 'A' + random.nextInt(58);
          };
      text.appendCodePoint(point);
    }
    assertThat(new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(text.toString());
    return text.toString();
  }

  private static List<@Nullable Object> randomList(
      Random random, java.util.function.Supplier<@Nullable Object> element) {
    List<@Nullable Object> list = new ArrayList<>();
    int size = random.nextInt(200) == 0 ? 300 : random.nextInt(4);
    for (int i = 0; i < size; i++) {
      list.add(element.get());
    }
    return list;
  }

  private static @Nullable Object randomJson(Random random, int depth) {
    switch (random.nextInt(depth > 3 ? 5 : 8)) {
      case 0:
        return null;
      case 1:
        return random.nextBoolean();
      case 2:
        return random.nextLong();
      case 3:
        return randomText(random, random.nextInt(10));
      case 4:
        return random.nextGaussian();
      case 5:
        return randomList(random, () -> randomJson(random, depth + 1));
      default:
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
          String key = random.nextInt(9) == 0 ? randomText(random, 3) : "k" + random.nextInt(6);
          object.put(key, randomJson(random, depth + 1));
        }
        return object;
    }
  }
}
