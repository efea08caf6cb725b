package dev.satchel.publisher.cli;

import dev.satchel.publisher.guard.Disclosure;
import dev.satchel.publisher.guard.Guards;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.Setting;
import dev.satchel.publisher.wiring.Endpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** The table of settings, from which options, help and the table in publisher/README.md come. */
final class Settings {
  // DatabaseSettings and CloudflareSettings read these
  private static final List<Setting<?>> ENDPOINTS =
      List.of(
          Setting.secret("DATABASE_CONNECTION_STRING")
              .otherwise("required")
              .means(
                  "postgresql://user:password@host:port/database, or as psql takes it; PGHOST,"
                      + " PGUSER, PGPASSWORD, … fill in what it leaves out"),
          Setting.of("CLOUDFLARE_ACCOUNT_ID", Grammar.text())
              .otherwise("required")
              .means("the account's id"),
          Setting.of("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", Grammar.text())
              .otherwise("required")
              .means("the namespace's id"),
          Setting.secret("CLOUDFLARE_API_TOKEN")
              .otherwise("required, unless the API key is set")
              .means("an API token with the permission Workers KV Storage: Edit"),
          Setting.of("CLOUDFLARE_EMAIL", Grammar.text())
              .means("the account's e-mail address, together with the API key"),
          Setting.secret("CLOUDFLARE_API_KEY")
              .means("the account's global API key, instead of a token"),
          Setting.of("CLOUDFLARE_API_BASE_URL", Grammar.text())
              .otherwise("https://api.cloudflare.com/client/v4")
              .means("another API root, such as a local KV server"));

  /** What {@code satchel publish} has as options. */
  static final List<Setting<?>> PUBLISH =
      List.of(
          PublisherSettings.QUERY,
          PublisherSettings.ROW_SECURITY,
          PublisherSettings.KEY,
          PublisherSettings.LAYOUT,
          PublisherSettings.KEY_PREFIX,
          PublisherSettings.HISTORY,
          PublisherSettings.KEEP_COPIES,
          PublisherSettings.PATCHES,
          PublisherSettings.MAX_BYTES,
          Guards.MIN_USERS,
          Guards.MAX_USERS_CHANGE,
          Guards.MAX_CHANGED,
          Guards.MAX_FIELD_CHANGED,
          Guards.MAX_SOURCE_LAG,
          Guards.MAX_USER_BYTES,
          Disclosure.EXCLUDE,
          Disclosure.HASH,
          Disclosure.ALLOW_PERSONAL,
          PublisherSettings.READ_BACK,
          PublisherSettings.LOCK_WAIT);

  private static final List<Setting<?>> PUBLISH_WITHOUT_OPTION =
      List.of(
          PublisherSettings.STALL_TIMEOUT, Disclosure.HASH_KEY, Seal.SIGNING_KEY, Seal.PUBLIC_KEYS);

  private static final List<Setting<?>> RUN =
      List.of(
          RunSettings.SCHEDULE,
          RunSettings.CRON,
          RunSettings.TIME_ZONE,
          RunSettings.LISTEN,
          RunSettings.READY_AFTER,
          HttpSettings.PORT,
          HttpSettings.HOST);

  private static final List<Setting<?>> OTHERS =
      List.of(
          HttpSettings.OPERATOR_TOKEN,
          HttpSettings.SNAPSHOTS_TOKEN,
          Endpoints.DIRECTORY,
          KvCommand.TOKEN,
          CheckSourceCommand.TOKEN,
          DemoCommand.PORT,
          LogSettings.FORMAT,
          LogSettings.LEVEL);

  private static final Pattern PREFIX = Pattern.compile("^(SATCHEL|DATABASE|CLOUDFLARE)_");

  private Settings() {}

  /** Returns what {@code satchel run} has as options. */
  static List<Setting<?>> publishAndRun() {
    return Stream.concat(PUBLISH.stream(), RUN.stream()).toList();
  }

  /** Returns every setting. */
  static List<Setting<?>> all() {
    return Stream.of(ENDPOINTS, PUBLISH, PUBLISH_WITHOUT_OPTION, RUN, OTHERS)
        .<Setting<?>>flatMap(List::stream)
        .toList();
  }

  /**
   * Adds every variable and its meaning to a command's help.
   *
   * @param columns how many characters fit into a line
   */
  static void addTo(CommandSpec command, int columns) {
    List<String> lines = new ArrayList<>();
    for (Setting<?> setting : all()) {
      lines.addAll(wrapped(variables(setting), "  ", columns));
      lines.addAll(wrapped(setting.help(), "      ", columns));
    }
    lines.replaceAll(line -> line.replace("%", "%%")); // picocli formats them
    command.usageMessage().footerHeading("%nVariables:%n").footer(lines.toArray(new String[0]));
  }

  private static List<String> wrapped(String text, String indent, int columns) {
    List<String> lines = new ArrayList<>();
    var line = new StringBuilder(indent);
    for (String word : text.split(" ", -1)) {
      if (line.length() > indent.length() && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
      }
      line.append(line.length() > indent.length() ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** Returns a line for each variable that looks like a mistyped setting. */
  static List<String> mistyped(Map<String, String> env) {
    Map<String, String> names = new TreeMap<>();
    for (Setting<?> setting : all()) {
      names.put(withoutPrefix(setting.variable()), setting.variable());
      if (setting.isSecret()) {
        names.put(withoutPrefix(setting.variable()) + "_FILE", setting.variable() + "_FILE");
      }
    }
    return env.keySet().stream()
        .filter(name -> PREFIX.matcher(name).find() && !names.containsValue(name))
        .sorted()
        .flatMap(
            name ->
                NearestName.to(withoutPrefix(name), names.keySet()).stream()
                    .map(
                        near ->
                            "%s is ignored, because there is no such setting; did you mean %s?"
                                .formatted(name, names.get(near))))
        .toList();
  }

  private static String withoutPrefix(String variable) {
    return PREFIX.matcher(variable).replaceFirst("");
  }

  static String variables(Setting<?> setting) {
    return setting.isSecret()
        ? setting.variable() + ", or a file: " + setting.variable() + "_FILE"
        : setting.variable();
  }
}
