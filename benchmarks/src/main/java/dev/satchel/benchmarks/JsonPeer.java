package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.Zstd;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The solution that most would write: JSON lines, read by Jackson into a map of records. */
public final class JsonPeer {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private JsonPeer() {}

  /** A user of any profile. */
  sealed interface User {
    UUID id();

    boolean previewFeaturesEnabled();
  }

  record TutorialUser(UUID id, boolean previewFeaturesEnabled) implements User {}

  record TypicalUser(
      UUID id,
      boolean previewFeaturesEnabled,
      String plan,
      String locale,
      int maxProjects,
      String theme,
      int rateLimit,
      List<String> betaGroups)
      implements User {}

  record RichUser(
      UUID id,
      boolean previewFeaturesEnabled,
      String plan,
      String locale,
      int maxProjects,
      String theme,
      int rateLimit,
      List<String> betaGroups,
      String username,
      String email,
      String createdAt,
      long quotaUsed)
      implements User {}

  private static Class<? extends User> type(Profile profile) {
    return switch (profile) {
      case TUTORIAL -> TutorialUser.class;
      case TYPICAL -> TypicalUser.class;
      case RICH -> RichUser.class;
    };
  }

  /** Returns a line of JSON for each user. */
  static byte[] lines(Profile profile, int users) {
    List<String> names = profile.fields();
    ByteArrayOutputStream out = new ByteArrayOutputStream(users * 64);
    try (SequenceWriter lines = MAPPER.writer().withRootValueSeparator("\n").writeValues(out)) {
      SyntheticUsers.forEach(
          users,
          profile,
          (id, values) -> {
            Map<String, Object> user = new LinkedHashMap<>();
            user.put("id", id.toString());
            for (int i = 0; i < values.length; i++) {
              user.put(names.get(i), values[i]);
            }
            try {
              lines.write(user);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Returns the lines, compressed by zstd at level 3. */
  public static byte[] pack(Profile profile, int users) {
    return Zstd.compress(lines(profile, users), 3);
  }

  /** Reads a map of records from what {@link #pack} made. */
  public static Lookup open(byte[] packed, Profile profile) {
    byte[] lines = Zstd.decompress(packed, (int) Zstd.getFrameContentSize(packed));
    Map<UUID, User> users = new HashMap<>();
    try (MappingIterator<User> read = MAPPER.readerFor(type(profile)).readValues(lines)) {
      while (read.hasNext()) {
        User user = read.next();
        users.put(user.id(), user);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Lookup() {
      @Override
      public boolean isPreview(UUID id) {
        User user = users.get(id);
        return user != null && user.previewFeaturesEnabled();
      }

      @Override
      public boolean isPreview(String id) {
        return isPreview(UUID.fromString(id));
      }
    };
  }
}
