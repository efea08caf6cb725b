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

/** The list of variables at the end of {@code satchel --help}. */
final class VariablesHelp {
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
              "credentials, a scoped token preferred; or from files: …_TOKEN_FILE, …_KEY_FILE"),
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
              "when instead: minute, hour, day of month, month, day of week, as in 0 3 * * 1-5"),
          new Variable(RunSettings.TIME_ZONE, "of the cron expression; default UTC"),
          new Variable(
              RunSettings.LISTEN,
              "channel of PostgreSQL on whose notifications satchel run publishes as well"),
          new Variable(
              RunSettings.READY_AFTER,
              "age of the last good run that is too old to be ready; default 3 ticks, 1m at least"),
          new Variable(
              HttpSettings.PORT,
              "of satchel run: health, metrics and the operator's page; default off"),
          new Variable(HttpSettings.HOST, "where that port listens; default 127.0.0.1"),
          new Variable(
              HttpSettings.OPERATOR_TOKEN,
              "what the operator's page asks for before it writes; without it, it only shows"),
          new Variable(
              PublisherSettings.HISTORY,
              "how long the copy KEY@REVISION is kept after it was replaced, 0 for no copies;"
                  + " default "
                  + PublisherSettings.DEFAULT_HISTORY),
          new Variable(
              PublisherSettings.KEEP_COPIES,
              "how many copies are kept at most; default " + PublisherSettings.DEFAULT_KEEP_COPIES),
          new Variable(
              PublisherSettings.MAX_BYTES,
              "a larger snapshot is refused; default and most " + KvLimits.MAX_VALUE_BYTES),
          new Variable(
              Guards.MIN_USERS, "fewer users are refused; default " + Guards.DEFAULT_MIN_USERS),
          new Variable(
              Guards.MAX_USERS_CHANGE,
              "a larger change of their number is refused, in percent or off; default "
                  + Guards.DEFAULT_PERCENT),
          new Variable(
              Guards.MAX_CHANGED,
              "refused if more users change, in percent or off; default " + Guards.DEFAULT_PERCENT),
          new Variable(
              Guards.MAX_FIELD_CHANGED,
              "refused if one field changes for more, in percent or off, also FIELD=PERCENT;"
                  + " default "
                  + Guards.DEFAULT_PERCENT),
          new Variable(
              Guards.MAX_SOURCE_LAG,
              "a replica further behind its primary is refused, in seconds or off; default "
                  + Guards.DEFAULT_MAX_SOURCE_LAG),
          new Variable(Disclosure.EXCLUDE, "fields that do not leave, FIELD[,FIELD…]"),
          new Variable(Disclosure.HASH, "fields that leave only as a keyed hash, FIELD[,FIELD…]"),
          new Variable(
              Disclosure.HASH_KEY + " or " + Disclosure.HASH_KEY_FILE,
              "the key of that hash, " + FieldHash.MIN_KEY_BYTES + " bytes or more"),
          new Variable(
              Disclosure.ALLOW_PERSONAL,
              "fields whose names look personal and may leave all the same, FIELD[,FIELD…]"),
          new Variable(
              PublisherSettings.READ_BACK,
              "how long a write may take to be seen, 0 not to look; default "
                  + PublisherSettings.DEFAULT_READ_BACK),
          new Variable(
              PublisherSettings.LOCK_WAIT,
              "how long to wait while another publisher writes the key; default "
                  + PublisherSettings.DEFAULT_LOCK_WAIT),
          new Variable(PublisherSettings.LAYOUT, "snapshot or per-key; default snapshot"),
          new Variable(
              PublisherSettings.KEY_PREFIX, "before each user id in per-key; default none"),
          new Variable(
              Seal.SIGNING_KEY,
              "the private key that snapshots are signed with, as satchel keygen makes it; or the"
                  + " file that SATCHEL_SIGNING_KEY_FILE names; default no signature"),
          new Variable(
              Seal.PUBLIC_KEYS,
              "whose signatures inspect, get, diff and rollback believe, with commas between; the"
                  + " key that signs is always among them"),
          new Variable(
              Endpoints.DIRECTORY,
              "where embedded mode keeps its data; default " + Endpoints.DEFAULT_DIRECTORY),
          new Variable(
              KvCommand.TOKEN,
              "what satchel kv asks for, or the file SATCHEL_KV_TOKEN_FILE; default anything"),
          new Variable(DemoCommand.PORT, "of the page that satchel demo starts; default 8080"));

  private VariablesHelp() {}

  /** Two lines for each variable. No line has a percent sign, which picocli would interpret. */
  static String[] lines() {
    return ALL.stream()
        .flatMap(
            variable -> List.of("  " + variable.name(), "      " + variable.meaning()).stream())
        .toArray(String[]::new);
  }
}
