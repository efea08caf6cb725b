package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.util.List;
import java.util.stream.IntStream;

/** The contenders whose lookups are measured. */
public enum Contender {
  /** An SDK client that uses a handle on the field, made once. */
  SATCHEL(3, 2) {
    @Override
    Lookup open(Profile profile, int users) {
      return ClientLookup.byHandle(Values.satchel(profile, users));
    }
  },
  /** An SDK client that uses the name of the field in each lookup. */
  SATCHEL_BY_NAME(3, 2) {
    @Override
    Lookup open(Profile profile, int users) {
      return ClientLookup.byName(Values.satchel(profile, users));
    }
  },
  /**
   * Like {@link #SATCHEL}, with one UUID of another version, which requires the search over any
   * bits.
   */
  SATCHEL_ANY_UUID(3, 2) {
    @Override
    Lookup open(Profile profile, int users) {
      return ClientLookup.byHandle(Values.satchelWithAnotherVersion(profile, users));
    }
  },
  /** Like {@link #SATCHEL}, after a hundred patches in place of one fetch. */
  SATCHEL_PATCHED(3, 2) {
    @Override
    Lookup open(Profile profile, int users) {
      List<byte[]> others =
          IntStream.range(0, 4)
              .mapToObj(variant -> Values.changed(profile, users, 10, 10, variant))
              .toList();
      return ClientLookup.byHandleAfterPatches(Values.satchel(profile, users), others, 100);
    }
  },
  /** Open addressing with two longs for each id and a bit for the answer: as fast as it gets. */
  TABLE(2, 1) {
    @Override
    Lookup open(Profile profile, int users) {
      PlainTable table = new PlainTable(users);
      SyntheticUsers.forEach(
          users,
          Profile.TUTORIAL,
          (id, values) ->
              table.put(
                  id.getMostSignificantBits(),
                  id.getLeastSignificantBits(),
                  Boolean.TRUE.equals(values[0])));
      return new UuidTable(table);
    }
  },
  /** A {@code HashMap<UUID, record>} that Jackson filled from JSON lines. */
  HASH_MAP(4, 3) {
    @Override
    Lookup open(Profile profile, int users) {
      return JsonPeer.open(JsonPeer.pack(profile, users), profile);
    }
  },
  /** Netflix Hollow with a primary key index over the two halves of the UUID. */
  HOLLOW(3, 2) {
    @Override
    Lookup open(Profile profile, int users) {
      return HollowPeer.open(HollowPeer.pack(profile, users));
    }
  },
  /** Spotify's Sparkey, memory-mapped. */
  SPARKEY(2, 2) {
    @Override
    Lookup open(Profile profile, int users) {
      return SparkeyPeer.open(SparkeyPeer.pack(profile, users));
    }
  };

  private final int farLines;
  private final int farLinesInTurn;

  Contender(int farLines, int farLinesInTurn) {
    this.farLines = farLines;
    this.farLinesInTurn = farLinesInTurn;
  }

  /**
   * Returns how many lines of memory a hit by version 4 UUID reads that are in no cache if the
   * memory was long unused: Satchel a block, an entry and a byte of the field's plane; the table a
   * slot and a word of answers; the map a slot, a node, a key and a record; Hollow a slot of its
   * index, a record's key and its field; Sparkey a slot and an entry of its log. Counted by their
   * layouts: one that straddles two lines counts as one, and what all lookups share as none.
   */
  public int farLines() {
    return farLines;
  }

  /** Returns how many of these lines wait for each other, since one says where the next is. */
  public int farLinesInTurn() {
    return farLinesInTurn;
  }

  /**
   * Opens the contender over the first {@code users} synthetic users, with every field of the
   * profile.
   */
  abstract Lookup open(Profile profile, int users);
}
