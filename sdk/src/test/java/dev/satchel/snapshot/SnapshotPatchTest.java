package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotPatchTest {
  private static final String SHA256 = "00".repeat(32);

  private final long seed = Long.getLong("satchel.seed", ThreadLocalRandom.current().nextLong());
  private final Random random = new Random(seed);

  @Test
  void aPatchMakesTheLaterSnapshotForEveryKindOfIdAndEveryCodec() {
    Samples.ids()
        .forEach(
            (kind, ids) -> {
              var users = new Users(ids, Samples.fields());
              byte[] value = users.encode();
              Snapshot held = opened(value);
              for (int step = 0; step < 12; step++) {
                users.change(random, step);
                byte[] next = users.encode();
                Snapshot published = Snapshot.open(next);
                Optional<byte[]> patch = between(Snapshot.open(value), published);
                String place = "%s, step %d, seed %d".formatted(kind, step, seed);
                if (patch.isPresent()) {
                  held = SnapshotPatch.of(patch.get()).applyTo(held);
                  if (random.nextBoolean()) {
                    held.fieldNames().forEach(held::field);
                  }
                } else {
                  held = Snapshot.open(next); // as a reader does
                }
                assertThat(held.catalog().header).as(place).isEqualTo(published.catalog().header);
                assertThat(held.bytes()).isEqualTo(next.length);
                assertThat(Reading.all(held)).as(place).isEqualTo(Reading.all(published));
                assertThat(found(held)).as(place).isTrue();
                value = next;
              }
            });
  }

  @Test
  void fieldsAndPrefixesComeAndGo() {
    byte[] before = Samples.codecs(7, 300);
    byte[] prefixed = revision(Samples.withPrefixed().seal(), 8);
    byte[] after = Samples.codecs(9, 299);
    Snapshot one = SnapshotPatch.of(Samples.patch(before, prefixed)).applyTo(Snapshot.open(before));
    assertThat(Reading.all(one)).isEqualTo(Reading.all(Snapshot.open(prefixed)));
    Snapshot two = SnapshotPatch.of(Samples.patch(prefixed, after)).applyTo(one);
    assertThat(Reading.all(two)).isEqualTo(Reading.all(Snapshot.open(after)));
  }

  @Test
  void whatIsTheSameInBothIsShared() {
    var users = new Users(i -> new UUID(random.nextLong(), random.nextLong()), Samples.fields());
    Snapshot before = opened(users.encode());
    users.set(17, "lists", List.of("green"));
    Snapshot after = Snapshot.open(users.encode());

    Snapshot made = SnapshotPatch.of(between(before, after).orElseThrow()).applyTo(before);

    assertThat(made.ids()).isSameAs(before.ids());
    assertThat(made.isOpen("texts")).isTrue();
    assertThat(made.field("texts")).isSameAs(before.field("texts"));
    assertThat(made.isOpen("lists")).isFalse();
  }

  @Test
  void aPatchToAnotherSnapshotIsRefused() {
    byte[] patch = Samples.patch(Samples.codecs(7, 300), Samples.codecs(8, 303));
    for (byte[] other : List.of(Samples.codecs(6, 300), revision(Samples.codecs(6, 300), 7))) {
      Snapshot before = Snapshot.open(other);
      assertThatThrownBy(() -> SnapshotPatch.of(patch).applyTo(before))
          .isInstanceOf(SnapshotFormatException.class)
          .hasMessageContaining("expected to be applied to revision 7");
    }
  }

  @Test
  void aPatchThatIsCutOrAlteredIsRefusedOrMakesTheSame() {
    byte[] value = Samples.codecs(7, 300);
    byte[] patch = Samples.patch(value, Samples.codecs(8, 303));
    Snapshot before = Snapshot.open(value);
    var said = Reading.all(SnapshotPatch.of(patch).applyTo(before));
    for (int length = 0; length < patch.length; length += 1 + random.nextInt(9)) {
      refusedOrSame(Arrays.copyOf(patch, length), before, null);
    }
    for (int at = 0; at < patch.length; at += 1 + random.nextInt(4)) {
      byte[] changed = patch.clone();
      changed[at] ^= (byte) (1 + random.nextInt(255));
      refusedOrSame(changed, before, said);
    }
    byte[] body = UnsealedPatch.body(patch, before);
    for (int at = 0; at < body.length; at += 1 + random.nextInt(4)) {
      byte[] changed = body.clone();
      changed[at] ^= (byte) (1 + random.nextInt(255));
      refusedOrRead(UnsealedPatch.seal(patch, changed, before), before);
    }
  }

  @Test
  void aBodyThatClaimsToBeHugeIsRefusedBeforeRoomIsMade() {
    byte[] value = Samples.codecs(7, 300);
    byte[] patch = Samples.patch(value, Samples.codecs(8, 303));
    LittleEndian.putInt(patch, SnapshotPatch.BODY_BYTES_AT, Integer.MAX_VALUE);
    assertThatThrownBy(() -> SnapshotPatch.of(patch)).hasMessageContaining("expected a body of");
  }

  @Test
  void aSignedSnapshotIsSignedAfterAPatchAndNothingElseIs() {
    SigningKey key = SigningKey.generate();
    byte[] before = key.sign(Samples.codecs(7, 300), "key");
    byte[] after = key.sign(Samples.codecs(8, 303), "key");
    Snapshot made = SnapshotPatch.of(Samples.patch(before, after)).applyTo(Snapshot.open(before));
    assertThat(isBelieved(made, key)).isTrue();
    byte[] forged = SigningKey.generate().sign(Samples.codecs(8, 303), "key");
    Snapshot other = SnapshotPatch.of(Samples.patch(before, forged)).applyTo(Snapshot.open(before));
    assertThat(isBelieved(other, key)).isFalse();
  }

  @Test
  void theSignatureOfAPatchIsForAllOfItAndForOneKey() {
    SigningKey key = SigningKey.generate();
    byte[] patch = Samples.patch(Samples.codecs(7, 300), Samples.codecs(8, 303));
    byte[] signed = key.signPatch(SigningKey.generate().signPatch(patch, "key"), "key");
    assertThat(SnapshotPatch.of(patch).signature()).isEmpty();
    assertThat(signed).hasSize(patch.length + SnapshotSignature.BYTES);
    assertThat(isSignedBy(signed, key, "key")).isTrue();
    assertThat(isSignedBy(signed, key, "another")).isFalse();
    assertThat(isSignedBy(signed, SigningKey.generate(), "key")).isFalse();
    for (int at = 0; at < signed.length; at += 1 + random.nextInt(9)) {
      byte[] changed = signed.clone();
      changed[at] ^= (byte) (1 + random.nextInt(255));
      assertThat(isSignedBy(changed, key, "key")).as("byte %d, seed %d", at, seed).isFalse();
    }
  }

  private static boolean isSignedBy(byte[] patch, SigningKey key, String kvKey) {
    try {
      return SnapshotPatch.of(patch)
          .signature()
          .filter(signature -> signature.isBy(key.verifyingKey(), kvKey))
          .isPresent();
    } catch (SnapshotFormatException refused) {
      return false;
    }
  }

  @Test
  void aFewChangesAmongManyUsersMakeASmallPatchWhateverTheKindOfId() {
    int users = 50_000;
    Map<String, IntFunction<Object>> kinds = new LinkedHashMap<>(Samples.ids());
    kinds.put(
        "time-ordered", i -> new UUID((1_700_000_000_000L + i * 37L) << 16 | 0x7000, -i * 3L));
    kinds.forEach(
        (kind, ids) -> {
          Map<String, IntFunction<@Nullable Object>> fields = new LinkedHashMap<>();
          fields.put("flag", i -> i % 3 == 0);
          fields.put("number", i -> (long) i % 12);
          fields.put("lists", i -> List.of("red", "green", "blue").subList(0, i % 4));
          var all = new Users(ids, fields, users);
          byte[] value = all.encode();
          for (int i = 0; i < 10; i++) {
            all.set(random.nextInt(users), "flag", i % 2 == 0);
            all.set(random.nextInt(users), "lists", List.of("red"));
            all.remove(1 + random.nextInt(users - 1));
            all.add();
          }
          byte[] next = all.encode();
          byte[] patch = between(Snapshot.open(value), Snapshot.open(next)).orElseThrow();
          // a rare word that comes or goes gives new numbers to the words after it
          int most = kind.equals("text-radix") ? 30_000 : 3_000;
          assertThat(patch.length).as("%s, seed %d", kind, seed).isLessThan(most);
        });
  }

  @Test
  void noPatchIsMadeThatWouldBeTooLargeOrFromALaterRevision() {
    Snapshot before = Snapshot.open(Samples.codecs(7, 300));
    Snapshot after = Snapshot.open(Samples.codecs(8, 303));
    assertThat(SnapshotPatch.between(before, after, SHA256, null, 200)).isEmpty();
    assertThat(SnapshotPatch.between(after, before, SHA256, null, 100_000)).isEmpty();
  }

  private static boolean isBelieved(Snapshot snapshot, SigningKey key) {
    return SnapshotSignature.of(snapshot.header()).orElseThrow().isBy(key.verifyingKey(), "key");
  }

  private static void refusedOrSame(byte[] patch, Snapshot before, @Nullable Object said) {
    try {
      assertThat(Reading.all(SnapshotPatch.of(patch).applyTo(before))).isEqualTo(said);
    } catch (SnapshotFormatException e) {
      assertThat(e).hasMessageContaining("expected").hasMessageContaining("found");
    }
  }

  private static void refusedOrRead(byte[] patch, Snapshot before) {
    try {
      Reading.all(SnapshotPatch.of(patch).applyTo(before));
    } catch (SnapshotFormatException e) {
      assertThat(e).hasMessageContaining("expected").hasMessageContaining("found");
    }
  }

  private static boolean found(Snapshot snapshot) {
    for (int user = 0; user < snapshot.users(); user++) {
      if (snapshot.find(snapshot.id(user).toString()) != user) {
        return false;
      }
    }
    return true;
  }

  private static Snapshot opened(byte[] value) {
    Snapshot snapshot = Snapshot.open(value);
    snapshot.fieldNames().forEach(snapshot::field);
    return snapshot;
  }

  private static Optional<byte[]> between(Snapshot before, Snapshot after) {
    return SnapshotPatch.between(before, after, SHA256, null, Integer.MAX_VALUE);
  }

  private static byte[] revision(byte[] value, long revision) {
    LittleEndian.putLong(value, SnapshotLayout.REVISION_AT, revision);
    Unsealed.resealHeader(value, Catalog.checkHeader(resealed(value)));
    return value;
  }

  private static byte[] resealed(byte[] value) {
    int end = LittleEndian.getInt(value, SnapshotLayout.HEADER_LENGTH_AT) + SnapshotLayout.MAGIC_AT;
    Unsealed.resealHeader(value, end);
    return value;
  }

  /** Users that change from revision to revision. */
  private static final class Users {
    private final IntFunction<Object> ids;
    private final Map<String, IntFunction<@Nullable Object>> fields;
    private final Map<Object, @Nullable Object[]> rows = new LinkedHashMap<>();
    private int made;
    private long revision = 6;

    Users(IntFunction<Object> ids, Map<String, IntFunction<@Nullable Object>> fields) {
      this(ids, fields, Samples.USERS);
    }

    Users(IntFunction<Object> ids, Map<String, IntFunction<@Nullable Object>> fields, int users) {
      this.ids = ids;
      this.fields = fields;
      for (int i = 0; i < users; i++) {
        add();
      }
    }

    void add() {
      rows.put(ids.apply(made), row(made));
      made++;
    }

    private @Nullable Object[] row(int number) {
      return fields.values().stream().map(field -> field.apply(number)).toArray();
    }

    void remove(int number) {
      rows.remove(new ArrayList<>(rows.keySet()).get(number % rows.size()));
    }

    void set(int number, String field, @Nullable Object value) {
      Object id = new ArrayList<>(rows.keySet()).get(number % rows.size());
      @Nullable Object[] row = Objects.requireNonNull(rows.get(id)).clone();
      row[List.copyOf(fields.keySet()).indexOf(field)] = value;
      rows.put(id, row);
    }

    void change(Random random, int step) {
      List<Object> known = new ArrayList<>(rows.keySet());
      for (int i = 0; i < random.nextInt(6); i++) {
        @Nullable Object[] other = row(random.nextInt(1_000));
        Object id = known.get(random.nextInt(known.size()));
        if (step % 2 == 0) {
          rows.put(id, other);
        } else {
          @Nullable Object[] row = Objects.requireNonNull(rows.get(id)).clone();
          int field = random.nextInt(row.length);
          row[field] = other[field];
          rows.put(id, row);
        }
      }
      if (step % 3 > 0) {
        for (int i = 0; i < random.nextInt(4); i++) {
          remove(random.nextInt(rows.size()));
          add();
        }
      }
    }

    byte[] encode() {
      SnapshotEncoder encoder = new SnapshotEncoder(List.copyOf(fields.keySet()));
      rows.forEach(encoder::add);
      return encoder.encode(++revision, Samples.PUBLISHED_AT);
    }
  }
}
