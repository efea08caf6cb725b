package dev.satchel.publisher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.text.Failures;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code satchel}: runs one command, and says in one line what went wrong. */
@Command(
    name = "satchel",
    versionProvider = SatchelCommand.Version.class,
    description = "Packs every user's configuration into one value of Cloudflare Workers KV.",
    synopsisSubcommandLabel = "COMMAND",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SatchelCommand implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "more log lines, and where a failure came from")
  private boolean verbose;

  @Spec private CommandSpec spec = CommandSpec.create();

  private SatchelCommand() {}

  /** What the jar's manifest says. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = SatchelCommand.class.getPackage().getImplementationVersion();
      return new String[] {"satchel " + (version == null ? "(not from a jar)" : version)};
    }
  }

  /** Runs one command in this process, and gives its exit status. */
  public static int run(String[] args, Invocation invocation) {
    var root = new SatchelCommand();
    var commandLine =
        new CommandLine(root)
            .addSubcommand(command(new PublishCommand(invocation)))
            .addSubcommand(command(new RunCommand(invocation)))
            .addSubcommand(command(new InspectCommand(invocation)))
            .addSubcommand(command(new GetCommand(invocation)))
            .addSubcommand(command(new HistoryCommand(invocation)))
            .addSubcommand(command(new DiffCommand(invocation)))
            .addSubcommand(command(new RollbackCommand(invocation)))
            .addSubcommand(command(new ResumeCommand(invocation)))
            .addSubcommand(command(new KeygenCommand(invocation)))
            .addSubcommand(command(new KvCommand(invocation)))
            .addSubcommand(command(new SeedCommand(invocation)))
            .addSubcommand(command(new DemoCommand(invocation)));
    commandLine.getCommandSpec().usageMessage().footerHeading("%nVariables:%n");
    commandLine.getCommandSpec().usageMessage().footer(Settings.help());
    commandLine
        .setOut(new PrintWriter(invocation.out(), true, UTF_8))
        .setErr(new PrintWriter(invocation.err(), true, UTF_8))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a value that begins with @ is not the name of a file
        .setExecutionStrategy(parsed -> root.execute(parsed, invocation.err()))
        .setParameterExceptionHandler((e, rest) -> wrongUsage(e, invocation.err()))
        .setExecutionExceptionHandler((e, command, parsed) -> root.failed(e, invocation.err()));
    return commandLine.execute(args);
  }

  private static CommandLine command(Callable<Integer> command) {
    var line = new CommandLine(command);
    if (command instanceof SettingOptions.Owner owner) {
      owner.options().addTo(line.getCommandSpec());
    }
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  private int execute(CommandLine.ParseResult parsed, PrintStream err) {
    var level = verbose ? Level.DEBUG : Level.INFO;
    ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("dev.satchel")).setLevel(level);
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) { // out of memory, say: picocli handles exceptions only
      return failed(e, err);
    }
  }

  private static int wrongUsage(ParameterException e, PrintStream err) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    String wrong = Failures.oneLine(String.valueOf(e.getMessage()));
    err.println("satchel: " + wrong + " (" + name + " --help says more)");
    return WRONG_USAGE;
  }

  private int failed(Throwable e, PrintStream err) {
    if (e instanceof SettingsException settings) {
      for (String problem : settings.problems()) {
        err.println("satchel: " + problem);
      }
      return WRONG_USAGE;
    }
    err.println("satchel: " + Failures.inWords(e));
    if (verbose) {
      e.printStackTrace(err);
    }
    return FAILED;
  }
}
