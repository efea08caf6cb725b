package dev.satchel.publisher.cli;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.guard.Disclosure;
import dev.satchel.publisher.guard.FieldHash;
import dev.satchel.publisher.guard.Guards;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.wiring.Endpoints;
import java.util.List;
import java.util.stream.Stream;

/** The table of settings, from which options and help come. */
final class Settings {
  static final Setting KEY =
      Setting.of(
          PublisherSettings.KEY,
          "--key",
          "KEY",
          "where the snapshot lies in KV; default " + PublisherSettings.DEFAULT_KEY);
  static final Setting SCHEDULE =
      Setting.of(
          RunSettings.SCHEDULE,
          "--schedule",
          "INTERVAL",
          "how often satchel run publishes: 30s, 5m, 1h or PT90S; default "
              + RunSettings.DEFAULT_INTERVAL);
  static final Setting CRON =
      Setting.of(
          RunSettings.CRON,
          "--cron",
          "EXPRESSION",
          "when instead: minute, hour, day of month, month, day of week, as in 0 3 * * 1-5");

  private static final List<Setting> ENDPOINTS =
      List.of(
          Setting.of(
              "DATABASE_CONNECTION_STRING",
              "postgresql://user:password@host:port/database; or DATABASE_CONNECTION_STRING_FILE"),
          Setting.of(
              "CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "where the value lives"),
          Setting.of(
              "CLOUDFLARE_API_TOKEN, or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY",
              "credentials, a scoped token preferred; or from files: …_TOKEN_FILE, …_KEY_FILE"),
          Setting.of(
              "CLOUDFLARE_API_BASE_URL",
              "another API root; default https://api.cloudflare.com/client/v4"));

  /** What {@code satchel publish} can be told. */
  static final List<Setting> PUBLISH =
      List.of(
          Setting.of(
              PublisherSettings.QUERY,
              "--query",
              "SQL",
              "the SQL; its first column is the user id, the others are fields; default "
                  + PostgresSource.DEFAULT_QUERY),
          KEY,
          Setting.of(
              PublisherSettings.LAYOUT,
              "--layout",
              "LAYOUT",
              "snapshot, or per-key: a pair for each user, which bills one write for each user each"
                  + " time and compares nothing; default snapshot"),
          Setting.of(
              PublisherSettings.KEY_PREFIX,
              "--key-prefix",
              "TEXT",
              "before each user id in per-key; default none"),
          Setting.of(
              PublisherSettings.HISTORY,
              "--history",
              "DURATION",
              "how long the copy KEY@REVISION is kept after it was replaced, 0 for no copies;"
                  + " default "
                  + PublisherSettings.DEFAULT_HISTORY),
          Setting.of(
              PublisherSettings.KEEP_COPIES,
              "--keep-copies",
              "N",
              "how many copies are kept at most; default " + PublisherSettings.DEFAULT_KEEP_COPIES),
          Setting.of(
              PublisherSettings.PATCHES,
              "--patches",
              "DURATION",
              "how long the patch KEY@REVISION.patch is kept, off for no patches; default "
                  + PublisherSettings.DEFAULT_PATCHES),
          Setting.of(
              PublisherSettings.MAX_BYTES,
              "--max-bytes",
              "N",
              "a larger snapshot is refused; default and most " + KvLimits.MAX_VALUE_BYTES),
          Setting.of(
              Guards.MIN_USERS,
              "--min-users",
              "N",
              "fewer users are refused; default " + Guards.DEFAULT_MIN_USERS),
          Setting.of(
              Guards.MAX_USERS_CHANGE,
              "--max-users-change",
              "PERCENT",
              "a larger change of their number is refused, in percent or off; default "
                  + Guards.DEFAULT_PERCENT),
          Setting.of(
              Guards.MAX_CHANGED,
              "--max-changed",
              "PERCENT",
              "refused if more users change, in percent or off; default " + Guards.DEFAULT_PERCENT),
          Setting.of(
              Guards.MAX_FIELD_CHANGED,
              "--max-field-changed",
              "PERCENT[,FIELD=PERCENT...]",
              "refused if one field changes for more, in percent or off, also FIELD=PERCENT;"
                  + " default "
                  + Guards.DEFAULT_PERCENT),
          Setting.of(
              Guards.MAX_SOURCE_LAG,
              "--max-source-lag",
              "SECONDS",
              "a replica further behind its primary is refused, in seconds or off; default "
                  + Guards.DEFAULT_MAX_SOURCE_LAG),
          Setting.of(
              Disclosure.EXCLUDE,
              "--exclude",
              "FIELD[,FIELD...]",
              "fields that do not leave, FIELD[,FIELD…]"),
          Setting.of(
              Disclosure.HASH,
              "--hash",
              "FIELD[,FIELD...]",
              "fields that leave only as a hash with the key "
                  + Disclosure.HASH_KEY
                  + ", FIELD[,FIELD…]"),
          Setting.of(
              Disclosure.ALLOW_PERSONAL,
              "--allow-personal",
              "FIELD[,FIELD...]",
              "fields whose names look personal and may leave all the same, FIELD[,FIELD…]"),
          Setting.of(
              PublisherSettings.READ_BACK,
              "--read-back",
              "DURATION",
              "how long a write may take to be seen, 0 not to look; default "
                  + PublisherSettings.DEFAULT_READ_BACK),
          Setting.of(
              PublisherSettings.LOCK_WAIT,
              "--lock-wait",
              "DURATION",
              "how long to wait while another publisher writes the key; default "
                  + PublisherSettings.DEFAULT_LOCK_WAIT));

  private static final List<Setting> PUBLISH_WITHOUT_OPTION =
      List.of(
          Setting.of(
              PublisherSettings.STALL_TIMEOUT,
              "for how long the database may stay silent; default 1m"),
          Setting.of(
              Disclosure.HASH_KEY + " or " + Disclosure.HASH_KEY_FILE,
              "the key of that hash, " + FieldHash.MIN_KEY_BYTES + " bytes or more"),
          Setting.of(
              Seal.SIGNING_KEY,
              "the private key that snapshots are signed with, as satchel keygen makes it; or the"
                  + " file that SATCHEL_SIGNING_KEY_FILE names; default no signature"),
          Setting.of(
              Seal.PUBLIC_KEYS,
              "whose signatures inspect, get, diff and rollback believe, with commas between; the"
                  + " key that signs is always among them"));

  /** What {@code satchel run} can be told besides. */
  static final List<Setting> RUN =
      List.of(
          SCHEDULE,
          CRON,
          Setting.of(
              RunSettings.TIME_ZONE,
              "--time-zone",
              "ZONE",
              "of the cron expression, such as Europe/Berlin; default UTC"),
          Setting.of(
              RunSettings.LISTEN,
              "--listen",
              "CHANNEL",
              "channel of PostgreSQL on whose notifications satchel run publishes as well"),
          Setting.of(
              RunSettings.READY_AFTER,
              "--ready-after",
              "AGE",
              "age of the last good run that is too old to be ready; default 3 ticks, 1m at least"),
          Setting.of(
              HttpSettings.PORT,
              "--http-port",
              "N",
              "of satchel run: health, metrics and the operator's page, 0 for any free port;"
                  + " default off"),
          Setting.of(
              HttpSettings.HOST,
              "--http-host",
              "ADDRESS",
              "where that port listens; default "
                  + HttpSettings.DEFAULT_HOST
                  + ", this machine only"));

  private static final List<Setting> OTHERS =
      List.of(
          Setting.of(
              HttpSettings.OPERATOR_TOKEN,
              "what the operator's page asks for before it writes; without it, it only shows"),
          Setting.of(
              Endpoints.DIRECTORY,
              "where embedded mode keeps its data; default " + Endpoints.DEFAULT_DIRECTORY),
          Setting.of(
              KvCommand.TOKEN,
              "what satchel kv asks for, or the file SATCHEL_KV_TOKEN_FILE; default anything"),
          Setting.of(DemoCommand.PORT, "of the page that satchel demo starts; default 8080"));

  private Settings() {}

  /** Returns all settings that {@code satchel run} has as options. */
  static List<Setting> publishAndRun() {
    return Stream.concat(PUBLISH.stream(), RUN.stream()).toList();
  }

  /** Returns the help for the variables, two lines for each. */
  static String[] help() {
    return Stream.of(ENDPOINTS, PUBLISH, PUBLISH_WITHOUT_OPTION, RUN, OTHERS)
        .flatMap(List::stream)
        .flatMap(setting -> Stream.of("  " + setting.variable(), "      " + setting.meaning()))
        .map(line -> line.replace("%", "%%")) // picocli formats them
        .toArray(String[]::new);
  }
}
