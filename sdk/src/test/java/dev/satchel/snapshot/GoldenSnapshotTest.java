package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Snapshots of major version 1 that were written once and stay readable for ever. With the system
 * property {@code golden} set to a folder that is not there yet, this writes them anew, and the
 * inputs that {@link SnapshotFuzzTest} begins from.
 */
class GoldenSnapshotTest {
  /** The public key of RFC 8410, 10.1. */
  private static final VerifyingKey SIGNER =
      VerifyingKey.parse("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");

  /** Its private key, 10.3; known to everybody. */
  private static final String SIGNING_KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """;

  private static final String SEEDS =
      "SnapshotFuzzTestInputs/whateverASnapshotSaysItIsRefusedOrRead/";

  @Test
  void theFirstSnapshotsOfMajorVersion1SayWhatTheySaid() throws IOException {
    writeIfAsked();
    for (Map.Entry<String, byte[]> sample : Samples.all().entrySet()) {
      String name = sample.getKey();
      Snapshot golden = Snapshot.open(golden(name));
      assertThat(golden.revision()).as(name).isEqualTo(7);
      assertThat(golden.publishedAt()).as(name).isEqualTo(Samples.PUBLISHED_AT);
      assertThat(golden.formatVersion()).as(name).isEqualTo(1);
      assertThat(golden.contentHash()).as(name).hasSize(64);
      assertThat(Reading.all(golden))
          .as(name)
          .isEqualTo(Reading.all(Snapshot.open(sample.getValue())));
      Reading.all(golden)
          .keySet()
          .forEach(id -> assertThat(golden.id(golden.find(id.toString()))).isEqualTo(id));
    }
    assertThat(Reading.all(Snapshot.open(golden("mixed-uuids-in-fewer-buckets"))))
        .isEqualTo(Reading.all(Snapshot.open(golden("mixed-uuids"))));
    assertThat(Reading.all(Snapshot.open(golden("mixed-uuids-by-a-key-of-all"))))
        .isEqualTo(Reading.all(Snapshot.open(golden("mixed-uuids"))));
    assertThat(Reading.all(Snapshot.open(golden("prefixed"))))
        .isEqualTo(Reading.all(Snapshot.open(Samples.withPrefixed().seal())));
  }

  /** Compression may change with its library; what is compressed may not. */
  @Test
  void theEncoderWritesWhatItWrote() throws IOException {
    for (Map.Entry<String, byte[]> sample : Samples.all().entrySet()) {
      assertThat(described(sample.getValue()))
          .as(sample.getKey())
          .isEqualTo(described(golden(sample.getKey())));
    }
  }

  @Test
  void theFirstSignedSnapshotOfMajorVersion1IsBelievedAndSaysWhatItSaid() throws IOException {
    byte[] signed = golden("signed");
    SnapshotSignature signature = SnapshotSignature.of(signed).orElseThrow();
    assertThat(signature.isBy(SIGNER, "user-configs")).isTrue();
    assertThat(signature.isBy(SIGNER, "another-key")).isFalse();
    Snapshot snapshot = Snapshot.openWhole(signed);
    assertThat(snapshot.signedBy()).isEqualTo(SIGNER.id());
    assertThat(Reading.all(snapshot)).isEqualTo(Reading.all(Snapshot.open(golden("uuids"))));
  }

  @Test
  void theFirstPatchOfVersion1MakesWhatItMade() throws IOException {
    SnapshotPatch patch = SnapshotPatch.of(resource("golden-1/patch.patch"));
    assertThat(patch.from()).isEqualTo(7);
    assertThat(patch.to()).isEqualTo(8);
    assertThat(patch.valueSha256()).isEqualTo(hash(golden("patched")));
    assertThat(patch.earlier()).contains(Samples.EARLIER);
    Snapshot made = patch.applyTo(Snapshot.open(golden("to-be-patched")));
    assertThat(made.catalog().header).isEqualTo(Snapshot.open(golden("patched")).catalog().header);
    assertThat(Reading.all(made)).isEqualTo(Reading.all(Snapshot.open(golden("patched"))));
  }

  private static String hash(byte[] value) {
    return HexFormat.of().formatHex(SnapshotLayout.sha256(value, 0, value.length));
  }

  /** Inputs of an older layout are all refused at once, and a search from them finds nothing. */
  @Test
  void theSearchForHostileSnapshotsBeginsFromWhatTheReaderReads() throws IOException {
    for (Map.Entry<String, byte[]> sample : Samples.all().entrySet()) {
      assertThat(resource(SEEDS + sample.getKey()))
          .as(sample.getKey())
          .isEqualTo(Unsealed.of(sample.getValue()).toBytes());
    }
  }

  private static String described(byte[] value) {
    return Unsealed.of(value).parts().stream()
        .map(
            part ->
                part.name()
                    + " "
                    + HexFormat.of().formatHex(part.descriptor())
                    + part.contents().stream().map(HexFormat.of()::formatHex).toList())
        .collect(Collectors.joining("\n"));
  }

  private static byte[] golden(String name) throws IOException {
    return resource("golden-1/" + name + ".satchel");
  }

  private static byte[] resource(String resource) throws IOException {
    try (InputStream in = GoldenSnapshotTest.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    }
  }

  private static void writeIfAsked() throws IOException {
    String asked = System.getProperty("golden");
    if (asked == null) {
      return;
    }
    Path folder = Files.createDirectory(Path.of(asked));
    for (Map.Entry<String, byte[]> sample : Samples.all().entrySet()) {
      Files.write(folder.resolve(sample.getKey() + ".satchel"), sample.getValue());
    }
    Files.write(folder.resolve("prefixed.satchel"), Samples.withPrefixed().seal());
    Files.write(
        folder.resolve("signed.satchel"),
        SigningKey.parse(SIGNING_KEY).sign(golden("uuids"), "user-configs"));
    byte[] before = Samples.codecs(7, 300);
    byte[] after = Samples.codecs(8, 303);
    Files.write(folder.resolve("to-be-patched.satchel"), before);
    Files.write(folder.resolve("patched.satchel"), after);
    Files.write(folder.resolve("patch.patch"), Samples.patch(before, after));
    Files.write(
        folder.resolve("patch-body"),
        UnsealedPatch.body(Samples.patch(before, after), Snapshot.open(before)));
    Path seeds = Files.createDirectory(folder.resolve("seeds"));
    for (Map.Entry<String, byte[]> sample : Samples.all().entrySet()) {
      Files.write(seeds.resolve(sample.getKey()), Unsealed.of(sample.getValue()).toBytes());
    }
    Files.write(seeds.resolve("prefixed"), Samples.withPrefixed().toBytes());
  }
}
