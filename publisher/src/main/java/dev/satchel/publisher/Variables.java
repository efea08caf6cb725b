package dev.satchel.publisher;

import dev.satchel.publisher.source.PostgresSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The variables as {@code satchel --help} lists them. */
final class Variables {
  static final String DIRECTORY = "SATCHEL_DIR";
  static final String DEFAULT_DIRECTORY = ".satchel";
  static final String KV_TOKEN = "SATCHEL_KV_TOKEN";
  static final String KV_TOKEN_FILE = "SATCHEL_KV_TOKEN_FILE";
  static final String PORT = "PORT";

  private record Variable(String name, String meaning) {}

  private static final List<Variable> ALL =
      List.of(
          new Variable(
              "DATABASE_CONNECTION_STRING",
              "postgresql://user:password@host:port/database; or DATABASE_CONNECTION_STRING_FILE"),
          new Variable(
              "CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "where the value lives"),
          new Variable(
              "CLOUDFLARE_API_TOKEN, or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY",
              "credentials, preferably a scoped token; or from files: …_TOKEN_FILE, …_KEY_FILE"),
          new Variable(
              "CLOUDFLARE_API_BASE_URL",
              "another API root; default https://api.cloudflare.com/client/v4"),
          new Variable(PublisherSettings.QUERY, "the SQL; default " + PostgresSource.DEFAULT_QUERY),
          new Variable(
              PublisherSettings.STALL_TIMEOUT,
              "for how long the database may stay silent; default 1m"),
          new Variable(
              PublisherSettings.KEY,
              "the snapshot's key; default " + PublisherSettings.DEFAULT_KEY),
          new Variable(
              RunSettings.SCHEDULE,
              "how often satchel run publishes: 30s, 5m, 1h, PT90S; default 1m"),
          new Variable(
              RunSettings.CRON,
              "instead of that: minute, hour, day of month, month, day of week, as in 0 3 * * 1-5"),
          new Variable(RunSettings.TIME_ZONE, "the time zone of the cron expression; default UTC"),
          new Variable(
              RunSettings.LISTEN,
              "a PostgreSQL channel; satchel run also publishes when it is notified"),
          new Variable(
              RunSettings.READY_AFTER,
              "not ready if the last good run is older than this; default 3 ticks, at least 1m"),
          new Variable(
              RunSettings.HTTP_PORT,
              "the port on which satchel run serves health, metrics and the operator's page; default off"),
          new Variable(
              RunSettings.HTTP_HOST, "the address on which that port listens; default 127.0.0.1"),
          new Variable(
              RunSettings.OPERATOR_TOKEN,
              "the token that the operator's page asks for before it writes; without it, the page is read-only"),
          new Variable(
              PublisherSettings.HISTORY,
              "how long the copy KEY@REVISION is kept after it is replaced, 0 for no copies;"
                  + " default "
                  + PublisherSettings.DEFAULT_HISTORY),
          new Variable(
              PublisherSettings.KEEP_COPIES,
              "how many copies to keep at most; default " + PublisherSettings.DEFAULT_KEEP_COPIES),
          new Variable(
              PublisherSettings.MAX_BYTES,
              "a larger snapshot is refused; default and maximum " + SizeLimit.VALUE_BYTES),
          new Variable(
              Guards.MIN_USERS, "fewer users are refused; default " + Guards.DEFAULT_MIN_USERS),
          new Variable(
              Guards.MAX_USERS_CHANGE,
              "a larger change in their number is refused, in percent or off; default "
                  + Guards.DEFAULT_PERCENT),
          new Variable(
              Guards.MAX_CHANGED,
              "refused if more users change, in percent or off; default " + Guards.DEFAULT_PERCENT),
          new Variable(
              Guards.MAX_FIELD_CHANGED,
              "refused if one field changes for more users, in percent or off, also FIELD=PERCENT;"
                  + " default "
                  + Guards.DEFAULT_PERCENT),
          new Variable(
              Guards.MAX_SOURCE_LAG,
              "a read replica further behind its primary is refused, in seconds or off; default "
                  + Guards.DEFAULT_MAX_SOURCE_LAG),
          new Variable(Disclosure.EXCLUDE, "fields that do not leave the database, FIELD[,FIELD…]"),
          new Variable(
              Disclosure.HASH, "fields that leave it only as a keyed hash, FIELD[,FIELD…]"),
          new Variable(
              Disclosure.HASH_KEY + " or " + Disclosure.HASH_KEY_FILE,
              "the key of that hash, " + FieldHash.FEWEST_KEY_BYTES + " bytes or more"),
          new Variable(
              Disclosure.ALLOW_PERSONAL,
              "fields that look personal by their name but may leave, FIELD[,FIELD…]"),
          new Variable(
              PublisherSettings.READ_BACK,
              "how long a write may take to be visible, 0 not to check; default "
                  + PublisherSettings.DEFAULT_READ_BACK),
          new Variable(
              PublisherSettings.LOCK_WAIT,
              "how long to wait while another publisher writes the key; default "
                  + PublisherSettings.DEFAULT_LOCK_WAIT),
          new Variable(PublisherSettings.LAYOUT, "snapshot or per-key; default snapshot"),
          new Variable(
              PublisherSettings.KEY_PREFIX,
              "what to put before each user id with per-key; default nothing"),
          new Variable(
              PublisherSettings.SIGNING_KEY,
              "the private key that snapshots are signed with, as satchel keygen makes it; or the"
                  + " file that SATCHEL_SIGNING_KEY_FILE names; default no signature"),
          new Variable(
              PublisherSettings.PUBLIC_KEYS,
              "keys whose signatures inspect, get, diff and rollback trust, separated by commas; the"
                  + " signing key is always among them"),
          new Variable(
              DIRECTORY, "where embedded mode keeps its data; default " + DEFAULT_DIRECTORY),
          new Variable(
              KV_TOKEN,
              "the token that satchel kv asks for, or the file SATCHEL_KV_TOKEN_FILE; default any"),
          new Variable(PORT, "the port of the page that satchel demo starts; default 8080"));

  private Variables() {}

  /** Returns the folder where embedded mode keeps its data. */
  static Path directory(Map<String, String> env) {
    return Path.of(PublisherSettings.set(env, DIRECTORY, DEFAULT_DIRECTORY));
  }

  /** Returns two lines for each variable: its name and its meaning. */
  static String[] help() {
    return ALL.stream()
        .flatMap(
            variable -> List.of("  " + variable.name(), "      " + variable.meaning()).stream())
        .toArray(String[]::new);
  }
}
