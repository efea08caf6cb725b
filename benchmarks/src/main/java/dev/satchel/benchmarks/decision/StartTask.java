package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.satchel.benchmarks.JsonPeer;
import dev.satchel.sdk.ConfigClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A process that answers one question about one user as soon as it can, reports that, and waits for
 * the end of its input. Arguments: the user id, and {@code nothing}, {@code snapshot} or the path
 * of a file for {@link JsonPeer}.
 */
public final class StartTask {
  private StartTask() {}

  /** Answers, and waits for the end of its input. */
  public static void main(String[] arguments) throws IOException {
    String userId = arguments[0];
    boolean answer =
        switch (arguments[1]) {
          case "nothing" -> false;
          case "snapshot" ->
              ConfigClient.openBlocking(System.getenv())
                  .booleanField(ReadPath.FIELD)
                  .get(userId, false);
          default ->
              JsonPeer.open(Files.readAllBytes(Path.of(arguments[1])), Store.PROFILE)
                  .isPreview(UUID.fromString(userId));
        };
    System.out.println(JsonNodeFactory.instance.objectNode().put("answer", answer));
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }
}
