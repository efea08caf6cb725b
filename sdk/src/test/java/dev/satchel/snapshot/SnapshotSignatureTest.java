package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SnapshotSignatureTest {
  private static final String KEY = "user-configs";
  private static final Instant PUBLISHED_AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final SigningKey SIGNER = SigningKey.generate();
  private static final VerifyingKey VERIFIER = SIGNER.verifyingKey();

  private static byte[] unsigned(long revision) {
    var random = new Random(42);
    var encoder = new SnapshotEncoder(List.of("plan", "note"));
    for (int i = 0; i < 200; i++) {
      encoder.add(
          new UUID(random.nextLong(), random.nextLong()),
          new Object[] {"plan " + i % 3, Long.toHexString(random.nextLong())});
    }
    return encoder.encode(revision, PUBLISHED_AT);
  }

  private static boolean isBelieved(byte[] value, VerifyingKey key, String kvKey) {
    return SnapshotSignature.of(value).map(found -> found.isBy(key, kvKey)).orElse(false);
  }

  /** What a reader that trusts one key does: it believes nothing unless all of this passes. */
  private static boolean isAdmitted(byte[] value) {
    try {
      if (!isBelieved(value, VERIFIER, KEY)) {
        return false;
      }
      Snapshot.openWhole(value);
      return true;
    } catch (SnapshotFormatException refused) {
      return false;
    }
  }

  @Test
  void aSignedSnapshotSaysWhatItSaidAndWhoSignedIt() {
    byte[] plain = unsigned(7);
    byte[] signed = SIGNER.sign(plain, KEY);

    Snapshot opened = Snapshot.open(signed);

    assertThat(opened.contentHash()).isEqualTo(Snapshot.open(plain).contentHash());
    assertThat(opened.revision()).isEqualTo(7);
    assertThat(opened.publishedAt()).isEqualTo(PUBLISHED_AT);
    assertThat(opened.fieldNames()).containsExactly("plan", "note");
    assertThat(opened.signedBy()).isEqualTo(VERIFIER.id());
    assertThat(Snapshot.open(plain).signedBy()).isNull();
    assertThat(SnapshotSignature.of(plain)).isEmpty();
    assertThat(signed).hasSize(plain.length + SnapshotSignature.BYTES);
    assertThat(isAdmitted(signed)).isTrue();
  }

  @Test
  void noByteOfASignedSnapshotCanBeAnother() {
    byte[] signed = SIGNER.sign(unsigned(7), KEY);

    for (int at = 0; at < signed.length; at++) {
      byte[] altered = signed.clone();
      altered[at] ^= (byte) (1 << (at % 8));
      assertThat(isAdmitted(altered)).as("byte %d of %d", at, signed.length).isFalse();
    }
  }

  @Test
  void noByteCanBeAnotherThoughTheDigestsWereMadeAnew() {
    byte[] signed = SIGNER.sign(unsigned(7), KEY);
    int headerEnd = Catalog.checkHeader(signed);

    for (int at = SnapshotLayout.MINOR_AT; at < headerEnd; at++) {
      byte[] forged = signed.clone();
      forged[at] ^= 1;
      SnapshotLayout.writeDigests(forged, headerEnd);
      assertThat(isAdmitted(forged))
          .as("byte %d of %d", at, headerEnd)
          .isEqualTo(Arrays.equals(forged, signed)); // a digest that was flipped is made anew
    }
  }

  @Test
  void anotherRevisionWithTheSameContentNeedsAnotherSignature() {
    byte[] signed = SIGNER.sign(unsigned(7), KEY);
    byte[] forged = SIGNER.sign(unsigned(8), KEY);
    int end = Catalog.checkHeader(signed);
    System.arraycopy(
        signed,
        end - SnapshotSignature.BYTES,
        forged,
        end - SnapshotSignature.BYTES,
        SnapshotSignature.BYTES);
    SnapshotLayout.writeDigests(forged, end);

    assertThat(Snapshot.open(forged).revision()).isEqualTo(8);
    assertThat(isAdmitted(forged)).isFalse();
  }

  @Test
  void isBelievedForTheKeyItWasSignedForAndByNoOther() {
    byte[] signed = SIGNER.sign(unsigned(7), KEY);

    assertThat(isBelieved(signed, VERIFIER, KEY)).isTrue();
    assertThat(isBelieved(signed, VERIFIER, "user-configs-test")).isFalse();
    assertThat(isBelieved(signed, VERIFIER, "")).isFalse();
    assertThat(isBelieved(signed, SigningKey.generate().verifyingKey(), KEY)).isFalse();
  }

  @Test
  void whoSignsAgainTakesTheFirstSignatureAway() {
    SigningKey other = SigningKey.generate();

    byte[] again = other.sign(SIGNER.sign(unsigned(7), KEY), KEY);

    assertThat(again).isEqualTo(other.sign(unsigned(7), KEY));
    assertThat(isBelieved(again, VERIFIER, KEY)).isFalse();
    assertThat(isBelieved(again, other.verifyingKey(), KEY)).isTrue();
  }

  @Test
  void aReaderOfMinorVersionZeroReadsASignedSnapshot() {
    // what such a reader does with the header: it skips what is behind the last field's section if
    // the minor version is above its own, and checks one digest over all of it
    byte[] signed = SIGNER.sign(unsigned(7), KEY);
    int end = Catalog.checkHeader(signed);

    assertThat(signed[SnapshotLayout.MAJOR_AT]).isEqualTo((byte) 1);
    assertThat(signed[SnapshotLayout.MINOR_AT]).isGreaterThan((byte) 0);
    assertThat(SnapshotLayout.sha256(signed, SnapshotLayout.CATALOG_AT, end))
        .isEqualTo(
            Arrays.copyOfRange(signed, SnapshotLayout.CONTENT_HASH_AT, SnapshotLayout.CATALOG_AT));
    byte[] unflagged = signed.clone();
    unflagged[SnapshotLayout.FLAGS_AT] = 0;
    unflagged[SnapshotLayout.MINOR_AT] = SnapshotLayout.MINOR + 1;
    Snapshot asItReads = Snapshot.open(unflagged);
    assertThat(asItReads.users()).isEqualTo(200);
    assertThat(asItReads.fieldNames()).containsExactly("plan", "note");
  }

  @Test
  void aHeaderThatIsTooShortForItsSignatureIsRefused() {
    byte[] empty = new SnapshotEncoder(List.of()).encode(1, PUBLISHED_AT);
    empty[SnapshotLayout.MINOR_AT] = 1;
    empty[SnapshotLayout.FLAGS_AT] = SnapshotLayout.SIGNED;

    assertThatThrownBy(() -> Snapshot.open(empty)).isInstanceOf(SnapshotFormatException.class);
  }

  @Test
  void keysComeBackFromTheirText() {
    SigningKey read = SigningKey.parse(SIGNER.toPem());

    assertThat(read.verifyingKey()).isEqualTo(VERIFIER);
    assertThat(isBelieved(read.sign(unsigned(7), KEY), VERIFIER, KEY)).isTrue();
    assertThat(VerifyingKey.parse(VERIFIER.text())).isEqualTo(VERIFIER);
    assertThat(VERIFIER.text()).hasSize(60).doesNotContain("\n");
    assertThat(VERIFIER.id()).matches("[0-9a-f]{16}");
  }

  @Test
  void readsTheKeysOfOpenssl() {
    // RFC 8410, 10.3 and 10.1
    String pem =
        """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----
        """;

    assertThat(SigningKey.parse(pem).verifyingKey().text())
        .isEqualTo("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
  }

  @Test
  void saysWhatItExpectedAndNothingOfWhatMayBeASecret() {
    String secret = SIGNER.toPem();
    String body = secret.lines().skip(1).findFirst().orElseThrow();
    byte[] cut = Base64.getDecoder().decode(body.substring(0, 60));

    for (String wrong :
        List.of(secret, body, body.substring(1), Base64.getEncoder().encodeToString(cut), "")) {
      assertThatThrownBy(() -> VerifyingKey.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("as satchel keygen prints it")
          .hasMessageNotContaining(body.substring(8, 40))
          .hasNoCause();
    }
    for (String wrong : List.of(body.substring(1), VERIFIER.text(), "", "\u00e9")) {
      assertThatThrownBy(() -> SigningKey.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("as satchel keygen writes it")
          .hasMessageNotContaining(body.substring(8, 40))
          .hasNoCause();
    }
    assertThat(SIGNER).hasToString("SigningKey[" + VERIFIER.id() + "]");
    assertThat(body.getBytes(StandardCharsets.UTF_8)).hasSize(64);
  }
}
