package dev.satchel.publisher.store;

import dev.satchel.publisher.text.HostName;
import dev.satchel.publisher.text.RefusedException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person's order to keep the published snapshot, whatever the database says, until it is
 * withdrawn. It is stored in the metadata of the snapshot in use, so that no reader ever sees one
 * without the other.
 *
 * @param by user and host
 * @param why at most {@link #MAX_WHY_BYTES} bytes of UTF-8 in one line
 */
public record Hold(String by, Instant since, String why) {
  /** Keeps the whole metadata within 1,024 bytes, even when every character is escaped. */
  public static final int MAX_WHY_BYTES = 160;

  private static final int MAX_BY_BYTES = 63;

  /**
   * Creates a hold by the user who runs this process.
   *
   * @throws RefusedException if the reason is too long or not one line
   */
  public static Hold now(Instant since, String why) {
    if (why.getBytes(StandardCharsets.UTF_8).length > MAX_WHY_BYTES
        || why.codePoints().anyMatch(Character::isISOControl)) {
      throw new RefusedException(
          "expected a reason in one line of at most %d bytes but found %d"
              .formatted(MAX_WHY_BYTES, why.getBytes(StandardCharsets.UTF_8).length));
    }
    String user = System.getProperty("user.name", "").replaceAll("[^!#-\\[\\]-~]", "_");
    return new Hold(HostName.cut(user + "@", MAX_BY_BYTES), since, why);
  }

  /**
   * Reads what {@link #toJson} wrote. Anything else found there is a hold as well, because
   * continuing would be the worse mistake.
   */
  static @Nullable Hold fromJson(@Nullable Object json, Instant otherwise) {
    if (json == null) {
      return null;
    }
    if (!(json instanceof JsonObject hold)) {
      return new Hold("unknown", otherwise, "");
    }
    return new Hold(
        hold.getValue("by") instanceof String by ? SnapshotMetadata.printable(by) : "unknown",
        instant(hold.getValue("since"), otherwise),
        hold.getValue("why") instanceof String why ? SnapshotMetadata.printable(why) : "");
  }

  private static Instant instant(@Nullable Object text, Instant otherwise) {
    try {
      return text instanceof String time ? SnapshotMetadata.time(time) : otherwise;
    } catch (DateTimeException e) {
      return otherwise;
    }
  }

  public JsonObject toJson() {
    return new JsonObject().put("by", by).put("since", since.toString()).put("why", why);
  }

  /** Returns a phrase such as {@code held by root@db1 since 2025-11-24T03:12:00Z: bad import}. */
  public String inWords() {
    return "held by %s since %s%s".formatted(by, since, why.isEmpty() ? "" : ": " + why);
  }
}
