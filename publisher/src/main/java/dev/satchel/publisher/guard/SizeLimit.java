package dev.satchel.publisher.guard;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a value against the largest size that Workers KV allows. */
public final class SizeLimit {
  private static final Logger LOG = LoggerFactory.getLogger(SizeLimit.class);

  /** In percent of the limit: early enough to plan the next step. */
  private static final int WARNING_PERCENT = 80;

  private static final int HEAVIEST = 5;

  private SizeLimit() {}

  /**
   * Accepts a value of at most {@code limit} bytes, and warns if it is close to the limit.
   *
   * @throws RefusedException with the size, the limit, the number of users, and the largest
   *     sections
   */
  public static void check(Snapshot snapshot, long bytes, long limit) {
    if (bytes <= limit) {
      if (bytes * 100.0 / limit > WARNING_PERCENT) {
        LOG.warn(
            "the snapshot takes {} % of the {} bytes it may have (SATCHEL_MAX_BYTES); about {}"
                + " more users like these fit",
            Math.round(bytes * 100.0 / limit), limit, (limit - bytes) * snapshot.users() / bytes);
      }
      return;
    }
    String heaviest =
        snapshot.sections().stream()
            .sorted(Comparator.comparingLong(Section::valueBytes).reversed())
            .limit(HEAVIEST)
            .map(section -> "%s %,d".formatted(section.name(), section.valueBytes()))
            .collect(Collectors.joining(", "));
    throw new RefusedException(
        ("expected a value of at most %,d bytes (SATCHEL_MAX_BYTES) but found %,d bytes for %,d"
                + " users; largest sections in bytes: %s; nothing was written; leave out fields or users in"
                + " SATCHEL_QUERY")
            .formatted(limit, bytes, snapshot.users(), heaviest));
  }

  /** Returns how many more users like these fit, or -1 if there are none to judge by. */
  public static long usersThatStillFit(long users, long bytes) {
    return users == 0
        ? -1
        : Math.max(0, (long) ((KvLimits.MAX_VALUE_BYTES - bytes) / ((double) bytes / users)));
  }
}
