package dev.satchel.publisher.cli;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.text.Report;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.SnapshotPatch;
import dev.satchel.snapshot.SnapshotSignature;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a file says that holds a patch. What it makes is known only with the snapshot before. */
record PatchReport(SnapshotPatch patch, String sha256) implements Report {

  /** Reads a file; empty if it holds something else than a patch, or cannot be read. */
  static Optional<PatchReport> in(Path file) {
    try {
      if (Files.size(file) > SnapshotPatch.MAX_BYTES) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      return Optional.of(new PatchReport(SnapshotPatch.of(bytes), Digests.sha256(bytes)));
    } catch (IOException | SnapshotFormatException somethingElse) {
      return Optional.empty();
    }
  }

  @Override
  public JsonObject toJson() {
    var json =
        new JsonObject()
            .put("from", patch.from())
            .put("to", patch.to())
            .put("bytes", patch.bytes())
            .put("sha256", sha256)
            .put("fromContentHash", patch.fromContentHash())
            .put("valueSha256", patch.valueSha256())
            .put("signedBy", signedBy());
    patch
        .earlier()
        .ifPresent(
            earlier ->
                json.put(
                    "earlier",
                    new JsonObject()
                        .put("from", earlier.from())
                        .put("bytes", earlier.bytes())
                        .put("sha256", earlier.sha256())));
    return json;
  }

  /** Returns the id of the key that the signature names, or null; it is not verified here. */
  private @Nullable String signedBy() {
    return patch.signature().map(SnapshotSignature::keyId).orElse(null);
  }

  @Override
  public String inWords() {
    String earlier =
        patch
            .earlier()
            .map(
                link ->
                    "the patch before it is from revision %d and has %,d bytes"
                        .formatted(link.from(), link.bytes()))
            .orElse("it names no patch before it");
    return String.join(
        System.lineSeparator(),
        "a patch from revision %d to %d of %,d bytes, sha256 %s"
            .formatted(patch.from(), patch.to(), patch.bytes(), sha256),
        "to the content %s".formatted(patch.fromContentHash()),
        "makes the value with sha256 %s".formatted(patch.valueSha256()),
        earlier,
        signedBy() == null ? "not signed" : "names the signature of key " + signedBy());
  }
}
