package dev.satchel.publisher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.text.FailureText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Optional;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code satchel}: runs one command, and says in one line what went wrong.
 *
 * <p>It is put together by hand, since reading annotations takes a third of the time of {@code
 * --help}.
 */
public final class SatchelCommand implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  // picocli takes no less, and longer lines are hard to read
  private static final int MIN_HELP_COLUMNS = 55;
  private static final int MAX_HELP_COLUMNS = 100;

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private boolean verbose;

  private SatchelCommand(String version) {
    spec.name("satchel").version("satchel " + version);
    spec.usageMessage()
        .description("Packs every user's configuration into one value of Cloudflare Workers KV.")
        .synopsisSubcommandLabel("COMMAND")
        .sortOptions(false);
    spec.addOption(
        flag("more log lines, and where a failure came from", "-v", "--verbose")
            .setter(
                new ISetter() {
                  @Override
                  public <T> T set(T value) {
                    verbose = Boolean.TRUE.equals(value);
                    return value;
                  }
                })
            .build());
    spec.addOption(flag("show this help and exit", "-h", "--help").usageHelp(true).build());
    spec.addOption(flag("print the version and exit", "-V", "--version").versionHelp(true).build());
  }

  private static OptionSpec.Builder flag(String description, String... names) {
    return OptionSpec.builder(names)
        .type(boolean.class)
        .arity("0")
        .description(description)
        .scopeType(ScopeType.INHERIT);
  }

  /** Returns the version in the jar's manifest. */
  private static String version() {
    String version = SatchelCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not from a jar)" : version;
  }

  /** Runs one command in this process, and gives its exit status. */
  public static int run(String[] args, Invocation invocation) {
    var root = new SatchelCommand(version());
    var commandLine = new CommandLine(root.spec);
    Commands.addNamed(commandLine, args, invocation);
    return commandLine
        .setOut(new PrintWriter(invocation.out(), true, UTF_8))
        .setErr(new PrintWriter(invocation.err(), true, UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a value that begins with @ is not the name of a file
        .setExecutionStrategy(parsed -> root.execute(parsed, invocation))
        .setParameterExceptionHandler((e, rest) -> wrongUsage(e, invocation.err()))
        .setExecutionExceptionHandler((e, command, parsed) -> root.failed(e, invocation.err()))
        .execute(args);
  }

  /** Returns {@code satchel} with every command, for completion and man pages. */
  static CommandLine whole(String version, Invocation invocation) {
    var commandLine = new CommandLine(new SatchelCommand(version).spec);
    Commands.addAll(commandLine, invocation);
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  private int execute(CommandLine.ParseResult parsed, Invocation invocation) {
    if (asksForHelp(parsed)) {
      int columns = helpColumns(invocation.terminal());
      if (parsed.isUsageHelpRequested()) {
        Commands.addOutlines(spec.commandLine());
        Settings.addTo(spec, columns);
      }
      spec.commandLine().setUsageHelpWidth(columns);
    }
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    var problems = new ArrayList<String>();
    var log = LogSettings.fromEnv(invocation.env(), problems);
    if (!problems.isEmpty()) {
      return failed(new SettingsException(problems), invocation.err());
    }
    ProcessLog.follow(verbose ? log.atLeast(Level.DEBUG) : log);
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) { // out of memory, say: picocli handles exceptions only
      return failed(e, invocation.err());
    }
  }

  private static boolean asksForHelp(CommandLine.ParseResult parsed) {
    return parsed.isUsageHelpRequested()
        || (parsed.hasSubcommand() && parsed.subcommand().isUsageHelpRequested());
  }

  private static int helpColumns(Terminal terminal) {
    return Math.min(MAX_HELP_COLUMNS, Math.max(MIN_HELP_COLUMNS, terminal.columns()));
  }

  private static int wrongUsage(ParameterException e, PrintStream err) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    String wrong = FailureText.oneLine(String.valueOf(e.getMessage()));
    String meant = meant(e).map("; did you mean %s?"::formatted).orElse("");
    err.println("satchel: " + wrong + meant + " (" + name + " --help says more)");
    return WRONG_USAGE;
  }

  private static Optional<String> meant(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return Optional.empty();
    }
    CommandSpec command = e.getCommandLine().getCommandSpec();
    String typed = unmatched.getUnmatched().get(0);
    if (!typed.startsWith("-")) {
      return command == command.root() ? NearestName.to(typed, Commands.names()) : Optional.empty();
    }
    var options =
        command.options().stream()
            .map(option -> option.longestName().replaceFirst("^-+", ""))
            .toList();
    return NearestName.to(typed.replaceFirst("^-+", "").replaceFirst("=.*", ""), options)
        .map("--"::concat);
  }

  private int failed(Throwable e, PrintStream err) {
    if (e instanceof SettingsException settings) {
      for (String problem : settings.problems()) {
        err.println("satchel: " + problem);
      }
      return WRONG_USAGE;
    }
    err.println("satchel: " + FailureText.inWords(e));
    if (verbose) {
      e.printStackTrace(err);
    }
    return FAILED;
  }
}
