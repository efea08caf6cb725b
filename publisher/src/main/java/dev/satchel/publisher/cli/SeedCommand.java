package dev.satchel.publisher.cli;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.Seeder;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.publisher.text.Report;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.publisher.wiring.Endpoints;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code satchel seed}: fills a users table with synthetic users. */
@Command(
    name = "seed",
    description = {
      Commands.SEED,
      "Creates the table if it is missing. If it holds users, --append or --replace must say what to do."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:filled", "1:failed", "2:wrong usage or settings"})
final class SeedCommand implements Callable<Integer> {
  private final Invocation invocation;
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--users",
      paramLabel = "N",
      required = true,
      description = "how many users to add")
  private int users;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "tutorial",
      description =
          "${COMPLETION-CANDIDATES}: how many fields each user has; default ${DEFAULT-VALUE}")
  private Profile profile = Profile.TUTORIAL;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      defaultValue = "users",
      description = "the table to fill; default ${DEFAULT-VALUE}")
  private String table = "users";

  @ArgGroup private ExistingUsers existing = new ExistingUsers();

  /** What to do with users that are there already. */
  static final class ExistingUsers {
    @Option(names = "--append", description = "keep the users that are there already")
    private boolean append;

    @Option(names = "--replace", description = "remove the users that are there already")
    private boolean replace;

    Seeder.Existing choice() {
      if (append) {
        return Seeder.Existing.APPEND;
      }
      return replace ? Seeder.Existing.REPLACE : Seeder.Existing.REFUSE;
    }
  }

  SeedCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    if (users < 0 || users > SyntheticUsers.MAX_USERS) {
      problems.add(
          "--users: expected 0 to %d but found %d".formatted(SyntheticUsers.MAX_USERS, users));
    }
    var endpoints = Endpoints.fromEnv(invocation.env(), Endpoints.Need.DATABASE, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    try (var connections = new Connections()) {
      var database = connections.databaseToFill(endpoints);
      if (endpoints.database() == null) {
        log()
            .warn(
                "no database is configured: this one is private and is deleted when the command ends");
      }
      Progress progress =
          invocation.showsProgress() ? new ProgressLine(invocation.err()) : Progress.NONE;
      long start = System.nanoTime();
      progress.begin("seed");
      long added =
          Blocking.await(
              new Seeder(connections.vertx(), database)
                  .seed(
                      table,
                      users,
                      profile,
                      existing.choice(),
                      count -> progress.read(count, 0, users)));
      double seconds = (System.nanoTime() - start) / 1e9;
      progress.end("seed", seconds);
      invocation.print(new Seeded(added, table, profile, seconds), json.given);
      return 0;
    }
  }

  private record Seeded(long users, String table, Profile profile, double seconds)
      implements Report {
    @Override
    public JsonObject toJson() {
      return new JsonObject()
          .put("users", users)
          .put("table", table)
          .put("profile", profile.name().toLowerCase(Locale.ROOT))
          .put("seconds", Math.round(seconds * 1e3) / 1e3)
          .put("query", profile.query(table));
    }

    @Override
    public String inWords() {
      return "added %,d users to table %s in %.2f s; publish them with SATCHEL_QUERY='%s'"
          .formatted(users, table, seconds, profile.query(table));
    }
  }

  /** Returns the log, which is not opened for a command's help. */
  private static Logger log() {
    return LoggerFactory.getLogger(SeedCommand.class);
  }
}
