package dev.satchel.publisher.wiring;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.kv.NamespaceReader;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.store.ValueLimits;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.NativeLibrary;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the snapshot that a command asks about. */
public final class SnapshotFinder {
  private SnapshotFinder() {}

  /**
   * A sound snapshot, where it came from, and its size.
   *
   * @param isVerified whether a trusted key has signed it; always false if there are no such keys
   * @param isTrusted whether readers with the same keys would accept it
   */
  public record Found(
      Snapshot snapshot,
      String place,
      String sha256,
      int bytes,
      boolean isVerified,
      boolean isTrusted) {
    private static Found in(String place, byte[] value, Seal seal) {
      Snapshot snapshot = ValueLimits.open(value);
      boolean isVerified = seal.verifiedBy(value).isPresent();
      return new Found(
          snapshot,
          place,
          Digests.sha256(value),
          value.length,
          isVerified,
          isVerified || seal.trusted().isEmpty());
    }
  }

  public static Found inFile(Path file, Seal seal) {
    NativeLibrary.load();
    try {
      if (Files.size(file) > KvLimits.MAX_VALUE_BYTES) {
        throw new RefusedException(
            "expected at most %,d bytes but found %,d in %s"
                .formatted(KvLimits.MAX_VALUE_BYTES, Files.size(file), file));
      }
      return Found.in(file.toString(), Files.readAllBytes(file), seal);
    } catch (NoSuchFileException e) {
      throw new RefusedException("expected a snapshot in " + file + " but there is no such file");
    } catch (IOException e) {
      throw new RefusedException("cannot read " + file + ": " + e);
    }
  }

  /** Returns the snapshot in use. One that does not match its metadata is not sound. */
  static Found published(NamespaceReader kv, String key, Seal seal) throws InterruptedException {
    Optional<Buffer> value = Blocking.await(kv.value(key));
    if (value.isEmpty()) {
      throw new RefusedException(
          "expected a snapshot under " + key + " but nothing is published there");
    }
    var found = Found.in("key " + key, value.get().getBytes(), seal);
    var metadata = Blocking.await(kv.metadata(key)).flatMap(SnapshotMetadata::fromJson);
    // if the metadata is another revision's, somebody published between the two requests
    if (metadata.isPresent()
        && metadata.get().revision() == found.snapshot().revision()
        && !metadata.get().sha256().equals(found.sha256())) {
      throw new RefusedException(
          "expected a value with the sha256 %s of its metadata but found %s under %s"
              .formatted(metadata.get().sha256(), found.sha256(), key));
    }
    return found;
  }
}
