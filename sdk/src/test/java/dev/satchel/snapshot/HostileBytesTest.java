package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bytes that are not what an encoder wrote: either refused, or a snapshot that says the same, or,
 * where somebody made the digests right, one that can be read without any surprise.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileBytesTest {
  private final long seed = ThreadLocalRandom.current().nextLong();
  private final Random random = new Random(seed);

  @Test
  void theSamplesHaveEveryCodec() {
    Snapshot snapshot = Snapshot.open(Samples.withPrefixed().seal());
    Map<String, String> codecs =
        snapshot.sections().stream().collect(Collectors.toMap(Section::name, Section::codec));
    for (String field : snapshot.fieldNames()) {
      assertThat(codecs.get(field)).isEqualTo(field);
    }
    Samples.all().values().forEach(Reading::openAndReadAll);
    Reading.openAndReadAll(Samples.withPrefixed().seal());
  }

  @Test
  void aChangeOfAnyOneByteIsRefusedOrChangesNothing() {
    Samples.all()
        .forEach(
            (name, value) -> {
              String said = says(value);
              int stride = name.equals("codecs") ? 9 : 1;
              for (int at = 0; at < value.length; at += 1 + random.nextInt(stride)) {
                byte[] changed = value.clone();
                changed[at] ^= (byte) (1 + random.nextInt(255));
                checkRefusedOrSame(changed, said, name + " at " + at);
              }
            });
  }

  @Test
  void everyTruncationAndEveryAdditionIsRefused() {
    Samples.all()
        .forEach(
            (name, value) -> {
              for (int length = 0; length < value.length; length++) {
                checkRefused(Arrays.copyOf(value, length), name + " cut to " + length);
              }
              checkRefused(Arrays.copyOf(value, value.length + 1), name + " and a zero");
            });
  }

  @Test
  void splicesOfSnapshotsAreRefusedOrChangeNothing() {
    List<byte[]> values = new ArrayList<>(Samples.all().values());
    List<String> said = values.stream().map(HostileBytesTest::says).toList();
    for (int i = 0; i < 1000; i++) {
      int into = random.nextInt(values.size());
      byte[] from = values.get(random.nextInt(values.size()));
      byte[] spliced = values.get(into).clone();
      int fromAt = random.nextInt(from.length);
      int at = random.nextInt(spliced.length);
      int length = random.nextInt(Math.min(from.length - fromAt, spliced.length - at) + 1);
      System.arraycopy(from, fromAt, spliced, at, length);
      checkRefusedOrSame(spliced, said.get(into), "splice " + i);
    }
  }

  @Test
  void aChangeOfAnyByteOfTheCatalogBehindTheDigestsIsNoSurprise() {
    for (Map.Entry<String, byte[]> sample : Samples.all().entrySet()) {
      byte[] value = sample.getValue();
      int end =
          LittleEndian.getInt(value, SnapshotLayout.HEADER_LENGTH_AT) + SnapshotLayout.MAGIC_AT;
      int stride = sample.getKey().equals("codecs") ? 12 : 3;
      for (int at = SnapshotLayout.CATALOG_AT; at < end; at += 1 + random.nextInt(stride)) {
        byte[] changed = value.clone();
        changed[at] = hostileByte(changed[at]);
        Unsealed.resealHeader(changed, end);
        check(changed, sample.getKey() + " at " + at);
      }
    }
  }

  @Test
  void changesOfDescriptorsBehindTheDigestsAreNoSurprise() {
    Unsealed all = Samples.withPrefixed();
    for (Unsealed.Part part : all.parts()) {
      // with as few others as can be, since all of them are compressed again for each change
      List<Unsealed.Part> few =
          switch (part.name()) {
            case Snapshot.USER_IDS -> List.of(part);
            case "prefixed" -> all.parts();
            default -> List.of(all.parts().get(0), part);
          };
      Unsealed sample = new Unsealed(all.users(), few);
      int place = few.size() - 1;
      for (int at = 0; at < part.descriptor().length; at++) {
        for (int round = 0; round < 2; round++) {
          byte[] changed = part.descriptor().clone();
          changed[at] = hostileByte(changed[at]);
          // half of the rounds change another byte as well
          int other = random.nextInt(changed.length);
          changed[other] = round < 1 ? changed[other] : hostileByte(changed[other]);
          check(sample.with(place, part.with(changed)).seal(), part.name() + " at " + at);
        }
      }
    }
  }

  @Test
  void changesOfContentBehindTheDigestsAreNoSurprise() {
    List<Unsealed> samples = new ArrayList<>();
    Samples.all().values().forEach(value -> samples.add(Unsealed.of(value)));
    for (int i = 0; i < 800; i++) {
      Unsealed sample = samples.get(random.nextInt(samples.size()));
      int place = random.nextInt(sample.parts().size());
      Unsealed.Part part = sample.parts().get(place);
      if (part.contents().isEmpty()) {
        continue;
      }
      List<byte[]> contents = new ArrayList<>(part.contents());
      int run = random.nextInt(contents.size());
      byte[] changed = contents.get(run).clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int at = random.nextInt(changed.length);
        changed[at] = hostileByte(changed[at]);
      }
      contents.set(run, changed);
      Unsealed.Part hostile = new Unsealed.Part(part.name(), part.descriptor(), contents);
      check(sample.with(place, hostile).seal(), part.name() + " round " + i);
    }
  }

  private byte hostileByte(byte now) {
    return (byte)
        switch (random.nextInt(5)) {
          case 0 -> 0;
          case 1 -> 0xFF;
          case 2 -> now + 1;
          case 3 -> now ^ (1 << random.nextInt(8));
          default -> random.nextInt(256);
        };
  }

  private void check(byte[] value, String what) {
    try {
      Reading.openAndReadAll(value);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + ": " + what, e);
    }
  }

  private void checkRefusedOrSame(byte[] value, String said, String what) {
    try {
      assertThat(says(value)).as("seed %d %s", seed, what).isEqualTo(said);
    } catch (SnapshotFormatException e) {
      assertThat(e).hasMessageContaining("expected").hasMessageContaining("found");
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + ": " + what, e);
    }
  }

  private void checkRefused(byte[] value, String what) {
    try {
      Snapshot.open(value);
    } catch (SnapshotFormatException e) {
      return;
    }
    throw new AssertionError("seed " + seed + ": expected a refusal of " + what);
  }

  private static String says(byte[] value) {
    Snapshot snapshot = Snapshot.open(value);
    return snapshot.revision()
        + " "
        + snapshot.publishedAt()
        + " "
        + snapshot.contentHash()
        + Reading.all(snapshot);
  }
}
