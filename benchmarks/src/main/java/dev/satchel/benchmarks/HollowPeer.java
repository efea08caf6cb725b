package dev.satchel.benchmarks;

import com.github.luben.zstd.Zstd;
import com.netflix.hollow.core.index.HollowPrimaryKeyIndex;
import com.netflix.hollow.core.read.HollowBlobInput;
import com.netflix.hollow.core.read.engine.HollowBlobReader;
import com.netflix.hollow.core.read.engine.HollowReadStateEngine;
import com.netflix.hollow.core.read.engine.object.HollowObjectTypeReadState;
import com.netflix.hollow.core.write.HollowBlobWriter;
import com.netflix.hollow.core.write.HollowWriteStateEngine;
import com.netflix.hollow.core.write.objectmapper.HollowInline;
import com.netflix.hollow.core.write.objectmapper.HollowObjectMapper;
import com.netflix.hollow.core.write.objectmapper.HollowTypeName;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Netflix Hollow: a blob of bit-packed columns, with an index that is built when it is read. */
public final class HollowPeer {
  private static final String TYPE = "User";

  private HollowPeer() {}

  /** The record that Hollow maps by the names of its fields; numbers and times are longs. */
  @HollowTypeName(name = TYPE)
  static class TutorialUser {
    final long high;
    final long low;
    final boolean preview;

    TutorialUser(UUID id, @Nullable Object[] values) {
      high = id.getMostSignificantBits();
      low = id.getLeastSignificantBits();
      preview = Boolean.TRUE.equals(values[0]);
    }
  }

  /** Adds the fields whose values repeat between users: Hollow stores each text once. */
  @HollowTypeName(name = TYPE)
  static class TypicalUser extends TutorialUser {
    final String plan;
    final String locale;
    final long maxProjects;
    final String theme;
    final long rateLimit;
    final List<String> betaGroups;

    TypicalUser(UUID id, @Nullable Object[] values) {
      super(id, values);
      plan = String.valueOf(values[1]);
      locale = String.valueOf(values[2]);
      maxProjects = number(values[3]);
      theme = String.valueOf(values[4]);
      rateLimit = number(values[5]);
      betaGroups = ((List<?>) values[6]).stream().map(String::valueOf).toList();
    }
  }

  /** Adds the fields that are unique to each user: texts stored in the user's record only. */
  @HollowTypeName(name = TYPE)
  static final class RichUser extends TypicalUser {
    @HollowInline final String username;
    @HollowInline final String email;
    final long createdAt;
    final long quotaUsed;

    RichUser(UUID id, @Nullable Object[] values) {
      super(id, values);
      username = String.valueOf(values[7]);
      email = String.valueOf(values[8]);
      createdAt = Instant.parse(String.valueOf(values[9])).getEpochSecond();
      quotaUsed = number(values[10]);
    }
  }

  private static long number(@Nullable Object value) {
    return value instanceof Long number ? number : 0;
  }

  /** Returns the users as a compressed blob. */
  public static byte[] pack(Profile profile, int users) {
    HollowWriteStateEngine state = new HollowWriteStateEngine();
    HollowObjectMapper mapper = new HollowObjectMapper(state);
    SyntheticUsers.forEach(
        users,
        profile,
        (id, values) ->
            mapper.add(
                switch (profile) {
                  case TUTORIAL -> new TutorialUser(id, values);
                  case TYPICAL -> new TypicalUser(id, values);
                  case RICH -> new RichUser(id, values);
                }));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new HollowBlobWriter(state).writeSnapshot(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Zstd.compress(out.toByteArray(), 3);
  }

  /** Reads a compressed blob, and builds its index. */
  public static Lookup open(byte[] packed) {
    byte[] blob = Zstd.decompress(packed, (int) Zstd.getFrameContentSize(packed));
    HollowReadStateEngine state = new HollowReadStateEngine();
    try {
      new HollowBlobReader(state).readSnapshot(HollowBlobInput.serial(blob));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    HollowPrimaryKeyIndex index = new HollowPrimaryKeyIndex(state, TYPE, "high", "low");
    HollowObjectTypeReadState users = (HollowObjectTypeReadState) state.getTypeState(TYPE);
    int preview = users.getSchema().getPosition("preview");
    return new Lookup() {
      @Override
      public boolean isPreview(UUID id) {
        int user =
            index.getMatchingOrdinal(id.getMostSignificantBits(), id.getLeastSignificantBits());
        return user >= 0 && Boolean.TRUE.equals(users.readBoolean(user, preview));
      }

      @Override
      public boolean isPreview(String id) {
        return isPreview(UUID.fromString(id));
      }
    };
  }
}
