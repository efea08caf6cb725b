package dev.satchel.publisher;

import dev.satchel.publisher.source.PostgresSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What to publish, and where.
 *
 * @param query one SELECT: the user id first, then the fields
 * @param stallTimeout for how long the database may stay silent
 * @param key the key of the snapshot
 * @param keyPrefix what comes before each user id in the layout with a pair for each user
 * @param copies which copies of earlier revisions are kept
 * @param maxValueBytes the largest snapshot allowed
 * @param guards what is refused unless a person accepts it
 * @param disclosure which fields leave the database, and in which form
 * @param readBack how long a write may take to become visible; zero to skip the check
 * @param lockWait how long to wait for another publisher of the same key
 * @param seal the signature that a snapshot gets
 */
record PublisherSettings(
    String query,
    Duration stallTimeout,
    String key,
    Layout layout,
    String keyPrefix,
    KeptCopies copies,
    int maxValueBytes,
    Guards guards,
    Disclosure disclosure,
    Duration readBack,
    Duration lockWait,
    Seal seal) {

  static final String QUERY = "SATCHEL_QUERY";
  static final String STALL_TIMEOUT = "SATCHEL_STALL_TIMEOUT";
  static final String KEY = "SATCHEL_KEY";
  static final String LAYOUT = "SATCHEL_LAYOUT";
  static final String KEY_PREFIX = "SATCHEL_KEY_PREFIX";
  static final String HISTORY = "SATCHEL_HISTORY";
  static final String KEEP_COPIES = "SATCHEL_KEEP_COPIES";
  static final String MAX_BYTES = "SATCHEL_MAX_BYTES";
  static final String READ_BACK = "SATCHEL_READ_BACK";

  static final String SIGNING_KEY = "SATCHEL_SIGNING_KEY";
  static final String PUBLIC_KEYS = "SATCHEL_PUBLIC_KEYS";
  static final String LOCK_WAIT = "SATCHEL_LOCK_WAIT";

  static final String DEFAULT_KEY = "user-configs";

  // a write becomes visible elsewhere within 60 s:
  // developers.cloudflare.com/kv/concepts/how-kv-works
  static final String DEFAULT_READ_BACK = "90s";

  // the run of a large table, including its read back
  static final String DEFAULT_LOCK_WAIT = "5m";

  // a key has at most 512 bytes; @ and the 19 digits of the largest revision follow it
  private static final int KEY_BYTES = 512 - 20;
  private static final Duration SHORTEST_STALL = Duration.ofSeconds(1);

  static final String DEFAULT_HISTORY = "30d";

  // 2.5 GB at most; an hour and a half of history when every minute brings a change
  static final int DEFAULT_KEEP_COPIES = 100;

  // one page of a listing
  private static final int MOST_COPIES = 1_000;

  /** How users are stored in KV. */
  enum Layout {
    /** All in one value. */
    SNAPSHOT,
    /** A pair for each user. */
    PER_KEY
  }

  /** Reads the variables. Each wrong value is an error and adds a line to {@code problems}. */
  static PublisherSettings fromEnv(Map<String, String> env, List<String> problems) {
    return new PublisherSettings(
        set(env, QUERY, PostgresSource.DEFAULT_QUERY),
        stallTimeout(env, problems),
        key(env, problems),
        layout(env, problems),
        env.getOrDefault(KEY_PREFIX, ""),
        copies(env, problems),
        maxValueBytes(env, problems),
        Guards.fromEnv(env, problems),
        Disclosure.fromEnv(env, problems),
        readBack(env, problems),
        lockWait(env, problems),
        Seal.fromEnv(env, set(env, KEY, DEFAULT_KEY), problems));
  }

  static String key(Map<String, String> env, List<String> problems) {
    String key = set(env, KEY, DEFAULT_KEY);
    if (key.equals(".")
        || key.equals("..")
        || key.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES) {
      problems.add(
          "%s: expected 1 to %d bytes, such as %s, but found %s"
              .formatted(KEY, KEY_BYTES, DEFAULT_KEY, key));
    }
    return key;
  }

  private static Layout layout(Map<String, String> env, List<String> problems) {
    String layout = set(env, LAYOUT, "snapshot");
    if (layout.equals("per-key")) {
      if (!set(env, SIGNING_KEY, set(env, SIGNING_KEY + "_FILE", "")).isEmpty()) {
        problems.add(
            "%s: expected snapshot, because %s is set and pairs for each user have no signature, but found per-key"
                .formatted(LAYOUT, SIGNING_KEY));
      }
      return Layout.PER_KEY;
    }
    if (!layout.equals("snapshot")) {
      problems.add("%s: expected snapshot or per-key but found %s".formatted(LAYOUT, layout));
    }
    return Layout.SNAPSHOT;
  }

  private static Duration stallTimeout(Map<String, String> env, List<String> problems) {
    String text = set(env, STALL_TIMEOUT, PostgresSource.DEFAULT_STALL_TIMEOUT.toString());
    var timeout = DurationText.parse(text);
    if (timeout.isEmpty() || timeout.get().compareTo(SHORTEST_STALL) < 0) {
      problems.add(
          "%s: expected a second or more, such as 30s or PT2M, but found %s"
              .formatted(STALL_TIMEOUT, text));
      return PostgresSource.DEFAULT_STALL_TIMEOUT;
    }
    return timeout.get();
  }

  private static KeptCopies copies(Map<String, String> env, List<String> problems) {
    String time = set(env, HISTORY, DEFAULT_HISTORY);
    var history = DurationText.parse(time);
    if (history.isEmpty()) {
      problems.add(
          "%s: expected a time such as 12h, 30d or P30D, or 0 for no copies, but found %s"
              .formatted(HISTORY, time));
    }
    String most = set(env, KEEP_COPIES, Integer.toString(DEFAULT_KEEP_COPIES));
    int copies = most.matches("[0-9]{1,4}") ? Integer.parseInt(most) : 0;
    if (copies < KeptCopies.FEWEST || copies > MOST_COPIES) {
      problems.add(
          "%s: expected %d to %d but found %s"
              .formatted(KEEP_COPIES, KeptCopies.FEWEST, MOST_COPIES, most));
    }
    return new KeptCopies(copies, history.orElse(Duration.ZERO));
  }

  private static Duration readBack(Map<String, String> env, List<String> problems) {
    String text = set(env, READ_BACK, DEFAULT_READ_BACK);
    return DurationText.parse(text)
        .orElseGet(
            () -> {
              problems.add(
                  "%s: expected a time such as 10s or 1m, or 0 not to check, but found %s"
                      .formatted(READ_BACK, text));
              return Duration.ZERO;
            });
  }

  private static Duration lockWait(Map<String, String> env, List<String> problems) {
    String text = set(env, LOCK_WAIT, DEFAULT_LOCK_WAIT);
    return DurationText.parse(text)
        .orElseGet(
            () -> {
              problems.add(
                  "%s: expected a time such as 30s or 5m, or 0 not to wait, but found %s"
                      .formatted(LOCK_WAIT, text));
              return Duration.ZERO;
            });
  }

  private static int maxValueBytes(Map<String, String> env, List<String> problems) {
    String text = set(env, MAX_BYTES, Integer.toString(SizeLimit.VALUE_BYTES));
    try {
      int bytes = Integer.parseInt(text);
      if (bytes >= 1 && bytes <= SizeLimit.VALUE_BYTES) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      // reported below, like a number out of range
    }
    problems.add(
        "%s: expected 1 to %d but found %s".formatted(MAX_BYTES, SizeLimit.VALUE_BYTES, text));
    return SizeLimit.VALUE_BYTES;
  }

  /**
   * Returns the variable's value. An empty one counts as not set, because Compose and CI files
   * leave variables that way.
   */
  static String set(Map<String, String> env, String name, String otherwise) {
    String value = env.getOrDefault(name, "");
    return value.isBlank() ? otherwise : value;
  }

  /** Returns what is written: one key, or all keys with one prefix. */
  String target() {
    return layout == Layout.PER_KEY ? "keys with prefix \"" + keyPrefix + "\"" : "key " + key;
  }

  /** Returns one line for the log. */
  String inWords() {
    String shown = query.strip().replaceAll("\\s+", " ");
    return layout == Layout.PER_KEY
        ? "%s; a pair for each user, key prefix \"%s\"".formatted(shown, keyPrefix)
        : "%s; key %s, %s, at most %,d bytes, %s"
            .formatted(shown, key, copies.inWords(), maxValueBytes, seal.inWords());
  }
}
