package dev.satchel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import dev.satchel.kv.SettingsException;
import io.vertx.core.Promise;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point of the command line: runs one command and reports a failure in one line. */
@Command(
    name = "satchel",
    versionProvider = Satchel.Version.class,
    description = "Packs every user's configuration into one value of Cloudflare Workers KV.",
    synopsisSubcommandLabel = "COMMAND",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Satchel implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  // within what Kubernetes and systemd wait before they kill
  private static final long STOP_SECONDS = 25;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "log more, and show where a failure came from")
  private boolean verbose;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Satchel() {}

  /** Reads the version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Satchel.class.getPackage().getImplementationVersion();
      return new String[] {"satchel " + (version == null ? "(not from a jar)" : version)};
    }
  }

  /** Runs a command and exits with its status; SIGTERM and Ctrl-C end it cleanly. */
  public static void main(String[] args) {
    Promise<Void> stop = Promise.promise();
    var ended = new CompletableFuture<Integer>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopInGoodOrder(stop, ended), "stop"));
    int status =
        run(
            args,
            new Invocation(
                System.getenv(),
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                StandardError.isTerminal(),
                stop.future()));
    if (ended.complete(status) && !stop.future().isComplete()) {
      System.exit(status);
    }
  }

  /** Opens a stream that prints UTF-8, as JSON requires, whatever the locale of the process. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, UTF_8);
  }

  /**
   * Ends the command from the shutdown hook. Without a halt, a JVM ends with 143 after SIGTERM even
   * if all went well; the halt is also what ends a command that does not stop in time.
   */
  private static void stopInGoodOrder(Promise<Void> stop, CompletableFuture<Integer> ended) {
    if (ended.isDone()) {
      return;
    }
    stop.tryComplete();
    int status = FAILED;
    try {
      status = ended.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      System.err.println("satchel: did not stop within " + STOP_SECONDS + " s");
    }
    Runtime.getRuntime().halt(status);
  }

  /** Runs one command in this process, never tells it to stop, and returns its exit status. */
  static int run(String[] args, Map<String, String> env, PrintStream out, PrintStream err) {
    return run(args, new Invocation(env, out, err, false, Promise.<Void>promise().future()));
  }

  /** Runs one command in this process and returns its exit status. */
  static int run(String[] args, Invocation invocation) {
    var root = new Satchel();
    var commandLine =
        new CommandLine(root)
            .addSubcommand(new PublishCommand(invocation))
            .addSubcommand(new RunCommand(invocation))
            .addSubcommand(new InspectCommand(invocation))
            .addSubcommand(new GetCommand(invocation))
            .addSubcommand(new HistoryCommand(invocation))
            .addSubcommand(new DiffCommand(invocation))
            .addSubcommand(new RollbackCommand(invocation))
            .addSubcommand(new ResumeCommand(invocation))
            .addSubcommand(new KeygenCommand(invocation))
            .addSubcommand(new KvCommand(invocation))
            .addSubcommand(new SeedCommand(invocation))
            .addSubcommand(new DemoCommand(invocation));
    commandLine.getCommandSpec().usageMessage().footerHeading("%nVariables:%n");
    commandLine.getCommandSpec().usageMessage().footer(Variables.help());
    commandLine
        .setOut(new PrintWriter(invocation.out(), true, UTF_8))
        .setErr(new PrintWriter(invocation.err(), true, UTF_8))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a value that begins with @ is not the name of a file
        .setExecutionStrategy(parsed -> root.execute(parsed))
        .setParameterExceptionHandler((e, rest) -> wrongUsage(e, invocation.err()))
        .setExecutionExceptionHandler((e, command, parsed) -> root.failed(e, invocation.err()));
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  private int execute(CommandLine.ParseResult parsed) {
    var level = verbose ? Level.DEBUG : Level.INFO;
    ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("dev.satchel")).setLevel(level);
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int wrongUsage(ParameterException e, PrintStream err) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    String wrong = Failures.oneLine(String.valueOf(e.getMessage()));
    err.println("satchel: " + wrong + " (" + name + " --help says more)");
    return WRONG_USAGE;
  }

  private int failed(Exception e, PrintStream err) {
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
