package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.Report;
import dev.satchel.snapshot.SigningKey;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code satchel keygen}: makes a key to sign snapshots with. */
@Command(
    name = "keygen",
    description = {
      Commands.KEYGEN,
      "Set SATCHEL_SIGNING_KEY_FILE=FILE for the publisher, and SATCHEL_PUBLIC_KEYS to the printed"
          + " key for applications."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:made", "1:failed; nothing was overwritten", "2:wrong usage or settings"})
final class KeygenCommand implements Callable<Integer> {
  private final Invocation invocation;
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(paramLabel = "FILE", description = "where to write the private key, in PKCS #8 PEM")
  private Path file = Path.of("");

  KeygenCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    SigningKey key = SigningKey.generate();
    write(key.toPem());
    invocation.print(
        new Made(key.verifyingKey().text(), key.verifyingKey().id(), file.toString()), json.given);
    return 0;
  }

  private void write(String pem) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] onlyMine =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, onlyMine)) {
      var left = ByteBuffer.wrap(pem.getBytes(StandardCharsets.UTF_8));
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true); // once the public key is seen, the private one must not be lost
    } catch (FileAlreadyExistsException e) {
      throw new RefusedException(
          "expected no file at %s but there is one; a key is never overwritten".formatted(file));
    } catch (IOException e) {
      throw new RefusedException("cannot write %s: %s".formatted(file, e));
    }
  }

  private record Made(String publicKey, String keyId, String privateKeyFile) implements Report {
    @Override
    public JsonObject toJson() {
      return new JsonObject()
          .put("publicKey", publicKey)
          .put("keyId", keyId)
          .put("privateKeyFile", privateKeyFile);
    }

    @Override
    public String inWords() {
      return publicKey;
    }
  }
}
