package dev.satchel.publisher.publish;

import dev.satchel.kv.DurationText;
import dev.satchel.kv.EnvVariables;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.guard.Disclosure;
import dev.satchel.publisher.guard.Guards;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.source.RowSecurity;
import dev.satchel.publisher.store.KeptCopies;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.Setting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a publication: what is published, and where.
 *
 * @param query one SELECT: the user id first, then the fields
 * @param stallTimeout how long the database may stay silent
 * @param rowSecurity whether policies may filter the rows
 * @param key the KV key of the snapshot
 * @param keyPrefix what precedes each user id in the key of its pair
 * @param copies which copies of earlier revisions are kept
 * @param patches how long the patch to a revision is kept; zero makes none
 * @param maxValueBytes the size above which a snapshot is refused
 * @param guards what is refused unless a person accepts it
 * @param disclosure which fields leave the database, and in which form
 * @param readBack how long a write may take to be seen; zero does not look
 * @param lockWait how long to wait for another publisher of the same key
 * @param seal who signs the snapshot, and whose signatures are trusted
 */
public record PublisherSettings(
    String query,
    Duration stallTimeout,
    RowSecurity rowSecurity,
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

  public static final Setting<String> QUERY =
      Setting.of(
              "SATCHEL_QUERY",
              new Grammar<>(
                  "a SELECT", text -> Optional.of(text).filter(t -> !PostgresSource.isEmpty(t))))
          .option("--query", "SQL")
          .byDefault(PostgresSource.DEFAULT_QUERY)
          .means("the SQL: first the user id, then the fields");

  // long enough for a big sort before the first row, short enough to notice a lock
  public static final Setting<Duration> STALL_TIMEOUT =
      Setting.of(
              "SATCHEL_STALL_TIMEOUT",
              Grammar.duration(Duration.ofSeconds(1), "a second or more, such as 30s or PT2M"))
          .byDefault("1m")
          .means("how long the database may stay silent");

  public static final Setting<RowSecurity> ROW_SECURITY =
      Setting.of("SATCHEL_ROW_SECURITY", new Grammar<>("refuse or filter", RowSecurity::named))
          .option("--row-security", "refuse|filter")
          .byDefault("refuse")
          .means(
              "what to do if row-level security hides rows from the role: refuse to publish, or"
                  + " publish what its policies show");

  public static final String DEFAULT_KEY = "user-configs";

  public static final Setting<String> KEY =
      Setting.of(
              "SATCHEL_KEY",
              new Grammar<>(
                  "a key of 1 to %d bytes without control characters, such as %s"
                      .formatted(KvLimits.MAX_SNAPSHOT_KEY_BYTES, DEFAULT_KEY),
                  text -> Optional.of(text).filter(PublisherSettings::isKey)))
          .option("--key", "KEY")
          .byDefault(DEFAULT_KEY)
          .means("the KV key of the snapshot");

  public static final Setting<Layout> LAYOUT =
      Setting.of("SATCHEL_LAYOUT", new Grammar<>("snapshot, both or per-key", Layout::named))
          .option("--layout", "LAYOUT")
          .byDefault("snapshot")
          .means(
              "snapshot; both for the snapshot and a pair for each user, of which those that"
                  + " changed are written; or per-key for such pairs alone, which bills a write"
                  + " for each user each time and compares nothing");

  /** Leaves room for an id in the key, and for other words in the metadata that name it. */
  private static final int MAX_PREFIX_BYTES = 256;

  public static final Setting<String> KEY_PREFIX =
      Setting.of(
              "SATCHEL_KEY_PREFIX",
              new Grammar<>(
                  "a text of at most %d bytes without control characters, such as user:"
                      .formatted(MAX_PREFIX_BYTES),
                  text -> Optional.of(text).filter(PublisherSettings::isPrefix)))
          .option("--key-prefix", "TEXT")
          .otherwise("none")
          .means("text before each user id in the keys of pairs, with both and per-key");

  public static final Setting<Duration> HISTORY =
      Setting.of(
              "SATCHEL_HISTORY",
              Grammar.duration(
                  Duration.ZERO, "a time such as 12h, 30d or P30D, or 0 for no copies"))
          .option("--history", "DURATION")
          .byDefault("30d")
          .means("how long a copy is kept after it was replaced; 0 keeps none");

  // 100 copies are 2.5 GB at the very most, and hours of changes in every minute;
  // 1,000 are one page of a listing
  public static final Setting<Integer> KEEP_COPIES =
      Setting.of("SATCHEL_KEEP_COPIES", Grammar.number(KeptCopies.MIN, 1_000))
          .option("--keep-copies", "N")
          .byDefault("100")
          .means("the most copies to keep, up to 1,000");

  // a reader that was away for longer fetches the value
  public static final Setting<Duration> PATCHES =
      Setting.of(
              "SATCHEL_PATCHES",
              new Grammar<>(
                  "a time of a minute or more, such as 12h or 1d, or off for no patches",
                  PublisherSettings::patchTime))
          .option("--patches", "DURATION")
          .byDefault("1d")
          .means("how long the patch to a revision is kept, a minute or more; off makes none");

  public static final Setting<Integer> MAX_BYTES =
      Setting.of("SATCHEL_MAX_BYTES", Grammar.number(1, KvLimits.MAX_VALUE_BYTES))
          .option("--max-bytes", "N")
          .byDefault(Integer.toString(KvLimits.MAX_VALUE_BYTES))
          .means("guard: a larger value is refused; the default is the most");

  // a write is seen elsewhere after up to 60 s: developers.cloudflare.com/kv/concepts/how-kv-works
  public static final Setting<Duration> READ_BACK =
      Setting.of(
              "SATCHEL_READ_BACK",
              Grammar.duration(Duration.ZERO, "a time such as 10s or 1m, or 0 not to look"))
          .option("--read-back", "DURATION")
          .byDefault("90s")
          .means("how long a write may take to be seen; 0 does not look");

  // a run of a large table with its read back
  public static final Setting<Duration> LOCK_WAIT =
      Setting.of(
              "SATCHEL_LOCK_WAIT",
              Grammar.duration(Duration.ZERO, "a time such as 30s or 5m, or 0 not to wait"))
          .option("--lock-wait", "DURATION")
          .byDefault("5m")
          .means("how long to wait for another publisher of the key; 0 does not wait");

  /** How users are stored in KV. */
  public enum Layout {
    /** All in one value. */
    SNAPSHOT,
    /** All in one value, and a pair for each user. */
    BOTH,
    /** A pair for each user. */
    PER_KEY;

    static Optional<Layout> named(String text) {
      return switch (text) {
        case "snapshot" -> Optional.of(SNAPSHOT);
        case "both" -> Optional.of(BOTH);
        case "per-key" -> Optional.of(PER_KEY);
        default -> Optional.empty();
      };
    }
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
    String key = KEY.read(env, problems);
    return new PublisherSettings(
        QUERY.read(env, problems),
        STALL_TIMEOUT.read(env, problems),
        ROW_SECURITY.read(env, problems),
        key,
        layout(env, problems),
        KEY_PREFIX.find(env, problems).orElse(""),
        new KeptCopies(KEEP_COPIES.read(env, problems), HISTORY.read(env, problems)),
        PATCHES.read(env, problems),
        MAX_BYTES.read(env, problems),
        Guards.fromEnv(env, acceptChange, problems),
        Disclosure.fromEnv(env, problems),
        READ_BACK.read(env, problems),
        LOCK_WAIT.read(env, problems),
        Seal.fromEnv(env, key, problems));
  }

  private static Optional<Duration> patchTime(String text) {
    return text.equals("off")
        ? Optional.of(Duration.ZERO)
        : DurationText.parse(text)
            .filter(time -> time.isZero() || time.compareTo(KvLimits.MIN_TIME_TO_LIVE) >= 0);
  }

  private static boolean isKey(String text) {
    try {
      KvLimits.checkSnapshotKey(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPrefix(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= MAX_PREFIX_BYTES
        && text.codePoints().noneMatch(Character::isISOControl);
  }

  private static boolean isSigned(Map<String, String> env) {
    String variable = Seal.SIGNING_KEY.variable();
    return EnvVariables.isSet(env, variable)
        || EnvVariables.isSet(env, EnvVariables.file(variable));
  }

  private static Layout layout(Map<String, String> env, List<String> problems) {
    Layout layout = LAYOUT.read(env, problems);
    if (layout == Layout.PER_KEY && isSigned(env)) {
      problems.add(
          LAYOUT.wrong(
              "snapshot or both, because "
                  + Seal.SIGNING_KEY
                  + " is set and pairs for each user have no signature",
              "per-key"));
    }
    return layout;
  }

  /** Returns what is written: one key, or all keys with one prefix. */
  public String target() {
    return layout == Layout.PER_KEY ? "keys with prefix \"" + keyPrefix + "\"" : "key " + key;
  }

  /** Returns one line for the log. */
  public String inWords() {
    String shown = query.strip().replaceAll("\\s+", " ");
    String pairs = "a pair for each user, key prefix \"%s\"".formatted(keyPrefix);
    return layout == Layout.PER_KEY
        ? shown + "; " + pairs
        : "%s; key %s, %s, at most %,d bytes, %s%s"
            .formatted(
                shown,
                key,
                copies.inWords(),
                maxValueBytes,
                seal.inWords(),
                layout == Layout.BOTH ? "; " + pairs : "");
  }
}
