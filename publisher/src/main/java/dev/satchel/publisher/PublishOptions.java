package dev.satchel.publisher;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what to publish. Each stands for a variable and takes precedence over it. */
final class PublishOptions {
  @Option(
      names = "--query",
      paramLabel = "SQL",
      description = "the SQL; first column: user id, others: fields (SATCHEL_QUERY)")
  private @Nullable String query;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "the snapshot's key in KV (SATCHEL_KEY)")
  private @Nullable String key;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = {
        "snapshot, or per-key for a pair for each user (SATCHEL_LAYOUT);",
        "with per-key each publication writes, and is billed for, every user"
      })
  private @Nullable String layout;

  @Option(
      names = "--key-prefix",
      paramLabel = "TEXT",
      description = "put before each user id, with --layout per-key (SATCHEL_KEY_PREFIX)")
  private @Nullable String keyPrefix;

  @Option(
      names = "--history",
      paramLabel = "DURATION",
      description = "how long to keep a replaced revision, 0 for no copies (SATCHEL_HISTORY)")
  private @Nullable String history;

  @Option(
      names = "--keep-copies",
      paramLabel = "N",
      description = "how many revisions to keep at most (SATCHEL_KEEP_COPIES)")
  private @Nullable String keepCopies;

  @Option(
      names = "--max-bytes",
      paramLabel = "N",
      description = "refuse a larger snapshot (SATCHEL_MAX_BYTES)")
  private @Nullable String maxBytes;

  @Option(
      names = "--min-users",
      paramLabel = "N",
      description = "refuse fewer users (SATCHEL_MIN_USERS)")
  private @Nullable String minUsers;

  @Option(
      names = "--max-users-change",
      paramLabel = "PERCENT",
      description = "refuse a larger change in their number (SATCHEL_MAX_USERS_CHANGE)")
  private @Nullable String maxUsersChange;

  @Option(
      names = "--max-changed",
      paramLabel = "PERCENT",
      description = "refuse if more users change (SATCHEL_MAX_CHANGED)")
  private @Nullable String maxChanged;

  @Option(
      names = "--max-field-changed",
      paramLabel = "PERCENT[,FIELD=PERCENT...]",
      description = "refuse if a field changes for more users (SATCHEL_MAX_FIELD_CHANGED)")
  private @Nullable String maxFieldChanged;

  @Option(
      names = "--max-source-lag",
      paramLabel = "SECONDS",
      description =
          "refuse a read replica further behind; off for no limit (SATCHEL_MAX_SOURCE_LAG)")
  private @Nullable String maxSourceLag;

  @Option(
      names = "--exclude",
      paramLabel = "FIELD[,FIELD...]",
      description = "fields that do not leave the database (SATCHEL_EXCLUDE)")
  private @Nullable String exclude;

  @Option(
      names = "--hash",
      paramLabel = "FIELD[,FIELD...]",
      description = {
        "fields that leave the database only as a keyed hash (SATCHEL_HASH);",
        "the key is in SATCHEL_HASH_KEY or the file SATCHEL_HASH_KEY_FILE"
      })
  private @Nullable String hash;

  @Option(
      names = "--allow-personal",
      paramLabel = "FIELD[,FIELD...]",
      description = "do not warn about these (SATCHEL_ALLOW_PERSONAL)")
  private @Nullable String allowPersonal;

  @Option(
      names = "--read-back",
      paramLabel = "DURATION",
      description = "how long a write may take to be visible, 0 not to check (SATCHEL_READ_BACK)")
  private @Nullable String readBack;

  @Option(
      names = "--lock-wait",
      paramLabel = "DURATION",
      description = "how long to wait for another publisher of the key (SATCHEL_LOCK_WAIT)")
  private @Nullable String lockWait;

  @Option(
      names = Guards.ACCEPT_CHANGE,
      description =
          "publish once what the guards would refuse: too few users, too many changes, replica lag")
  private boolean acceptChange;

  /** Returns the variables with the given options in their place. */
  Map<String, String> over(Map<String, String> env) {
    var all = new HashMap<>(env);
    putIfGiven(all, PublisherSettings.QUERY, query);
    putIfGiven(all, PublisherSettings.KEY, key);
    putIfGiven(all, PublisherSettings.LAYOUT, layout);
    putIfGiven(all, PublisherSettings.KEY_PREFIX, keyPrefix);
    putIfGiven(all, PublisherSettings.HISTORY, history);
    putIfGiven(all, PublisherSettings.KEEP_COPIES, keepCopies);
    putIfGiven(all, PublisherSettings.MAX_BYTES, maxBytes);
    putIfGiven(all, PublisherSettings.READ_BACK, readBack);
    putIfGiven(all, PublisherSettings.LOCK_WAIT, lockWait);
    putIfGiven(all, Guards.MIN_USERS, minUsers);
    putIfGiven(all, Guards.MAX_USERS_CHANGE, maxUsersChange);
    putIfGiven(all, Guards.MAX_CHANGED, maxChanged);
    putIfGiven(all, Guards.MAX_FIELD_CHANGED, maxFieldChanged);
    putIfGiven(all, Guards.MAX_SOURCE_LAG, maxSourceLag);
    putIfGiven(all, Disclosure.EXCLUDE, exclude);
    putIfGiven(all, Disclosure.HASH, hash);
    putIfGiven(all, Disclosure.ALLOW_PERSONAL, allowPersonal);
    all.remove(Guards.ACCEPT_CHANGE); // the environment must not accept every change
    putIfGiven(all, Guards.ACCEPT_CHANGE, acceptChange ? "" : null);
    return all;
  }

  static void putIfGiven(Map<String, String> all, String variable, @Nullable String value) {
    if (value != null) {
      all.put(variable, value);
    }
  }
}
