package dev.satchel.benchmarks.soak;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * The users of a soak, whose values tell whether what a reader sees was ever true.
 *
 * <p>They are typical users with two additional fields. {@code round} is a time in Unix
 * milliseconds that only grows; a transaction gives the same round to both users of some pairs, and
 * always to the first pair. {@code round_check} follows from id and round. So within a revision
 * both users of a pair have the same round, none has a later one than the first pair, and from
 * revision to revision the first pair's round only grows.
 */
final class Rounds {
  static final int USERS = 100_000;
  static final int PAIRS = USERS / 2;
  static final String QUERY =
      Profile.TYPICAL.query("users").replace(" FROM", ", round, round_check FROM");

  private static final String CHECK =
      "('x' || substr(md5(id::text || ':' || %s), 1, 8))::bit(32)::bigint";

  /** Adds the columns to users that were seeded; the last statement is the first change. */
  static final List<String> PREPARE =
      List.of(
          "ALTER TABLE users ADD COLUMN pair int, ADD COLUMN round bigint,"
              + " ADD COLUMN round_check bigint",
          // rounds of the last hour, so that a snapshot has its size from the start
          """
          UPDATE users SET pair = numbered.pair, round = numbered.round
          FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 2 AS pair,
                       (extract(epoch FROM now()) * 1000)::bigint
                         - ((row_number() OVER (ORDER BY id) - 1) / 2 * 7919) % 3600000 AS round
                FROM users) numbered
          WHERE numbered.id = users.id
          """,
          "UPDATE users SET round_check = " + CHECK.formatted("round"),
          "CREATE INDEX ON users (pair)",
          "VACUUM FULL users",
          "ANALYZE users");

  /** Gives the round $1 to the pairs $2. */
  static final String CHANGE =
      "UPDATE users SET round = $1, round_check = "
          + CHECK.formatted("$1::bigint::text")
          + " WHERE pair = ANY ($2)";

  /** Returns the ids in the database's order; those at 2 n and 2 n + 1 are pair n. */
  static List<UUID> ids() {
    List<UUID> ids = new ArrayList<>(USERS);
    SyntheticUsers.forEach(USERS, Profile.TUTORIAL, (id, values) -> ids.add(id));
    ids.sort(Comparator.comparing(UUID::toString)); // UUID's own order compares signed numbers
    return ids;
  }

  /** Returns what {@code round_check} should be. */
  static long check(UUID id, long round) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5")
              .digest((id + ":" + round).getBytes(StandardCharsets.UTF_8));
      return Integer.toUnsignedLong(ByteBuffer.wrap(digest).getInt());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }

  private Rounds() {}
}
