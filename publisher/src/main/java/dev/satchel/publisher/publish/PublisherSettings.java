package dev.satchel.publisher.publish;

import dev.satchel.kv.DurationText;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.guard.Disclosure;
import dev.satchel.publisher.guard.Guards;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.store.KeptCopies;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.text.Variables;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What to publish where.
 *
 * @param query one SELECT: the user id first, then the fields
 * @param stallTimeout for how long the database may stay silent
 * @param key under which the snapshot lies
 * @param keyPrefix before each user id, with a pair for each user
 * @param copies which copies of earlier revisions are kept
 * @param patches how long the patch to a revision is kept, zero to make none
 * @param maxValueBytes a larger snapshot is refused
 * @param guards what is refused unless a person accepts it
 * @param disclosure which fields leave the database, and in which form
 * @param readBack how long what was written may take to be seen, zero not to look
 * @param lockWait how long to wait for another publisher of the same key
 * @param seal the signature that a snapshot gets
 */
public record PublisherSettings(
    String query,
    Duration stallTimeout,
    String key,
    Layout layout,
    String keyPrefix,
    KeptCopies copies,
    Duration patches,
    int maxValueBytes,
    Guards guards,
    Disclosure disclosure,
    Duration readBack,
    Duration lockWait,
    Seal seal) {

  public static final String QUERY = "SATCHEL_QUERY";
  public static final String STALL_TIMEOUT = "SATCHEL_STALL_TIMEOUT";
  public static final String KEY = "SATCHEL_KEY";
  public static final String LAYOUT = "SATCHEL_LAYOUT";
  public static final String KEY_PREFIX = "SATCHEL_KEY_PREFIX";
  public static final String HISTORY = "SATCHEL_HISTORY";
  public static final String KEEP_COPIES = "SATCHEL_KEEP_COPIES";
  public static final String PATCHES = "SATCHEL_PATCHES";
  public static final String MAX_BYTES = "SATCHEL_MAX_BYTES";
  public static final String READ_BACK = "SATCHEL_READ_BACK";

  public static final String LOCK_WAIT = "SATCHEL_LOCK_WAIT";

  public static final String DEFAULT_KEY = "user-configs";

  // a write is seen elsewhere after up to 60 s: developers.cloudflare.com/kv/concepts/how-kv-works
  public static final String DEFAULT_READ_BACK = "90s";

  // a run of a large table with its read back
  public static final String DEFAULT_LOCK_WAIT = "5m";

  // @ and the 19 digits of the largest revision come behind it
  private static final int KEY_BYTES = KvLimits.MAX_KEY_BYTES - 20;
  private static final Duration SHORTEST_STALL = Duration.ofSeconds(1);

  public static final String DEFAULT_HISTORY = "30d";

  // a reader that was away for longer fetches the value
  public static final String DEFAULT_PATCHES = "1d";

  // 2.5 GB at the very most, and hours of changes in every minute
  public static final int DEFAULT_KEEP_COPIES = 100;

  // one page of a listing
  private static final int MAX_COPIES = 1_000;

  /** How users lie in KV. */
  public enum Layout {
    /** All in one value. */
    SNAPSHOT,
    /** A pair for each user. */
    PER_KEY
  }

  /** Reads the variables. Each that is wrong adds a line to {@code problems}. */
  public static PublisherSettings fromEnv(Map<String, String> env, List<String> problems) {
    return fromEnv(env, false, problems);
  }

  /**
   * Reads the variables. Each that is wrong adds a line to {@code problems}.
   *
   * @param acceptChange whether the first run may publish what the guards would refuse
   */
  public static PublisherSettings fromEnv(
      Map<String, String> env, boolean acceptChange, List<String> problems) {
    return new PublisherSettings(
        Variables.get(env, QUERY, PostgresSource.DEFAULT_QUERY),
        stallTimeout(env, problems),
        key(env, problems),
        layout(env, problems),
        env.getOrDefault(KEY_PREFIX, ""),
        copies(env, problems),
        patches(env, problems),
        maxValueBytes(env, problems),
        Guards.fromEnv(env, acceptChange, problems),
        Disclosure.fromEnv(env, problems),
        readBack(env, problems),
        lockWait(env, problems),
        Seal.fromEnv(env, Variables.get(env, KEY, DEFAULT_KEY), problems));
  }

  public static String key(Map<String, String> env, List<String> problems) {
    String key = Variables.get(env, KEY, DEFAULT_KEY);
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
    String layout = Variables.get(env, LAYOUT, "snapshot");
    if (layout.equals("per-key")) {
      if (!Variables.get(env, Seal.SIGNING_KEY, Variables.get(env, Seal.SIGNING_KEY + "_FILE", ""))
          .isEmpty()) {
        problems.add(
            "%s: expected snapshot, because %s is set and pairs for each user have no signature, but found per-key"
                .formatted(LAYOUT, Seal.SIGNING_KEY));
      }
      return Layout.PER_KEY;
    }
    if (!layout.equals("snapshot")) {
      problems.add("%s: expected snapshot or per-key but found %s".formatted(LAYOUT, layout));
    }
    return Layout.SNAPSHOT;
  }

  private static Duration stallTimeout(Map<String, String> env, List<String> problems) {
    String text =
        Variables.get(env, STALL_TIMEOUT, PostgresSource.DEFAULT_STALL_TIMEOUT.toString());
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
    String time = Variables.get(env, HISTORY, DEFAULT_HISTORY);
    var history = DurationText.parse(time);
    if (history.isEmpty()) {
      problems.add(
          "%s: expected a time such as 12h, 30d or P30D, or 0 for no copies, but found %s"
              .formatted(HISTORY, time));
    }
    String most = Variables.get(env, KEEP_COPIES, Integer.toString(DEFAULT_KEEP_COPIES));
    int copies = most.matches("[0-9]{1,4}") ? Integer.parseInt(most) : 0;
    if (copies < KeptCopies.FEWEST || copies > MAX_COPIES) {
      problems.add(
          "%s: expected %d to %d but found %s"
              .formatted(KEEP_COPIES, KeptCopies.FEWEST, MAX_COPIES, most));
    }
    return new KeptCopies(copies, history.orElse(Duration.ZERO));
  }

  private static Duration patches(Map<String, String> env, List<String> problems) {
    String text = Variables.get(env, PATCHES, DEFAULT_PATCHES);
    if (text.equals("off")) {
      return Duration.ZERO;
    }
    var kept = DurationText.parse(text);
    if (kept.isEmpty()
        || (!kept.get().isZero() && kept.get().compareTo(KvLimits.MIN_TIME_TO_LIVE) < 0)) {
      problems.add(
          "%s: expected a time of a minute or more, such as 12h or 1d, or off for no patches, but found %s"
              .formatted(PATCHES, text));
    }
    return kept.orElse(Duration.ZERO);
  }

  private static Duration readBack(Map<String, String> env, List<String> problems) {
    String text = Variables.get(env, READ_BACK, DEFAULT_READ_BACK);
    return DurationText.parse(text)
        .orElseGet(
            () -> {
              problems.add(
                  "%s: expected a time such as 10s or 1m, or 0 not to look, but found %s"
                      .formatted(READ_BACK, text));
              return Duration.ZERO;
            });
  }

  private static Duration lockWait(Map<String, String> env, List<String> problems) {
    String text = Variables.get(env, LOCK_WAIT, DEFAULT_LOCK_WAIT);
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
    String text = Variables.get(env, MAX_BYTES, Integer.toString(KvLimits.MAX_VALUE_BYTES));
    try {
      int bytes = Integer.parseInt(text);
      if (bytes >= 1 && bytes <= KvLimits.MAX_VALUE_BYTES) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      // said below, like a number out of range
    }
    problems.add(
        "%s: expected 1 to %d but found %s".formatted(MAX_BYTES, KvLimits.MAX_VALUE_BYTES, text));
    return KvLimits.MAX_VALUE_BYTES;
  }

  /** Returns what is written: one key, or all keys with one prefix. */
  public String target() {
    return layout == Layout.PER_KEY ? "keys with prefix \"" + keyPrefix + "\"" : "key " + key;
  }

  /** Returns one line for the log. */
  public String inWords() {
    String shown = query.strip().replaceAll("\\s+", " ");
    return layout == Layout.PER_KEY
        ? "%s; a pair for each user, key prefix \"%s\"".formatted(shown, keyPrefix)
        : "%s; key %s, %s, at most %,d bytes, %s"
            .formatted(shown, key, copies.inWords(), maxValueBytes, seal.inWords());
  }
}
