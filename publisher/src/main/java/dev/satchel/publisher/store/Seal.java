package dev.satchel.publisher.store;

import dev.satchel.kv.EnvVariables;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.Setting;
import dev.satchel.snapshot.SigningKey;
import dev.satchel.snapshot.SnapshotSignature;
import dev.satchel.snapshot.VerifyingKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs what is published, and the keys whose signatures are trusted: the signing key
 * and those that the variables name.
 *
 * @param signer null to publish without a signature
 * @param trusted empty to trust every value
 * @param kvKey the KV key of the snapshot, which the signature covers
 */
public record Seal(@Nullable SigningKey signer, List<VerifyingKey> trusted, String kvKey) {

  public static final Setting<String> SIGNING_KEY =
      Setting.secret("SATCHEL_SIGNING_KEY")
          .otherwise("no signature")
          .means("the private key that signs snapshots, as satchel keygen makes it");

  public static final Setting<String> PUBLIC_KEYS =
      Setting.of("SATCHEL_PUBLIC_KEYS", Grammar.text())
          .otherwise("the signing key's")
          .means(
              "whose signatures inspect, get, diff and rollback accept, separated by commas; the"
                  + " signing key's are always accepted");

  /** Returns a seal that neither signs nor asks for a signature. */
  static Seal none(String kvKey) {
    return new Seal(null, List.of(), kvKey);
  }

  /** Reads the variables. Each wrong value is an error and adds a line to {@code problems}. */
  public static Seal fromEnv(Map<String, String> env, String kvKey, List<String> problems) {
    SigningKey signer = null;
    List<VerifyingKey> trusted = new ArrayList<>();
    Optional<String> pem = EnvVariables.secret(env, SIGNING_KEY.variable(), problems);
    if (pem.isPresent()) {
      try {
        signer = SigningKey.parse(pem.get());
        trusted.add(signer.verifyingKey());
      } catch (IllegalArgumentException e) {
        problems.add(SIGNING_KEY + ": " + e.getMessage());
      }
    }
    String keys = PUBLIC_KEYS.find(env, problems).orElse("");
    try {
      if (!keys.isEmpty()) {
        Arrays.stream(keys.split(",", -1)).map(VerifyingKey::parse).forEach(trusted::add);
      }
    } catch (IllegalArgumentException e) {
      problems.add(PUBLIC_KEYS + ": " + e.getMessage());
    }
    return new Seal(signer, List.copyOf(trusted), kvKey);
  }

  /** Returns a phrase for a log line. */
  public String inWords() {
    return signer == null ? "not signed" : "signed by key " + signer.verifyingKey().id();
  }

  /** Returns the value with a signature, or as it is if there is no key to sign with. */
  public byte[] on(byte[] value) {
    return signer == null ? value : signer.sign(value, kvKey);
  }

  /** Returns the patch with a signature, or as it is if there is no key to sign with. */
  public byte[] onPatch(byte[] patch) {
    return signer == null ? patch : signer.signPatch(patch, kvKey);
  }

  /**
   * Refuses a value that no trusted key has signed. A rollback signs what it publishes, so without
   * this check it would turn an unsigned value into a signed one.
   */
  void check(byte[] value, String place) {
    if (!accepts(value)) {
      throw new RefusedException(expected(value, place));
    }
  }

  /** Returns whether a trusted key has signed a value, or whether none is asked for. */
  boolean accepts(byte[] value) {
    return trusted.isEmpty() || verifiedBy(value).isPresent();
  }

  /** Returns whether this is the id of a trusted key. */
  boolean trusts(@Nullable String keyId) {
    return trusted.stream().anyMatch(key -> key.id().equals(keyId));
  }

  /** Returns what was expected and found of a value that is not accepted. */
  String expected(byte[] value, String place) {
    return "expected %s to be signed for key %s by %s but found %s"
        .formatted(
            place,
            kvKey,
            String.join(" or ", trusted.stream().map(VerifyingKey::id).toList()),
            SnapshotSignature.of(value)
                .map(found -> "a signature that names " + found.keyId() + " and does not verify")
                .orElse("no signature"));
  }

  /** Returns the trusted key that signed a value, or empty. */
  public Optional<VerifyingKey> verifiedBy(byte[] value) {
    return SnapshotSignature.of(value)
        .flatMap(found -> trusted.stream().filter(key -> found.isBy(key, kvKey)).findFirst());
  }
}
