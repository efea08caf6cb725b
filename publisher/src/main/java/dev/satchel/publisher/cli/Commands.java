package dev.satchel.publisher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The commands below {@code satchel}, and what the list of commands says of each. */
final class Commands {
  static final String PUBLISH =
      "Publishes once: reads all users, packs and checks them, and writes one value to KV.";
  static final String RUN = "Publishes at once and then on schedule until told to stop.";
  static final String INSPECT =
      "Shows what a snapshot or a patch holds: the published snapshot, or a file.";
  static final String GET = "Prints one user's config from a published snapshot, as a JSON object.";
  static final String HISTORY =
      "Lists the revisions that can be looked at and rolled back to, newest first.";
  static final String DIFF = "Says how many users and which fields differ between two revisions.";
  static final String ROLLBACK =
      "Publishes the content of an earlier revision as a new revision, and holds it: publish and run"
          + " write nothing until satchel resume.";
  static final String RESUME =
      "Ends the hold of a rollback; the next publication publishes what the database says.";
  static final String KEYGEN =
      "Makes an Ed25519 key pair. Writes the private key to FILE, which only you can read and which"
          + " must not exist yet, and prints the public key.";
  static final String KV =
      "Serves the REST contract of Workers KV from a directory until told to stop.";
  static final String CHECK_SOURCE =
      "Asks an address what applications would ask it, and says what of the answers they could not"
          + " use.";
  static final String SEED =
      "Fills a users table with synthetic users, the same ones each time, to try Satchel at scale.";
  static final String DEMO = "Shows Satchel at work on this machine, until Ctrl-C.";

  private static final String[][] SUMMARIES = {
    {"publish", PUBLISH},
    {"run", RUN},
    {"inspect", INSPECT},
    {"get", GET},
    {"history", HISTORY},
    {"diff", DIFF},
    {"rollback", ROLLBACK},
    {"resume", RESUME},
    {"keygen", KEYGEN},
    {"kv", KV},
    {"check-source", CHECK_SOURCE},
    {"seed", SEED},
    {"demo", DEMO}
  };

  private Commands() {}

  /** Adds the command that the arguments name, if any: to make all of them takes long. */
  static void addNamed(CommandLine root, String[] args, Invocation invocation) {
    String name = firstWord(args);
    Callable<Integer> command = make(name, invocation);
    if (command != null) {
      var line = new CommandLine(command);
      if (command instanceof SettingOptions.Owner owner) {
        owner.options().addTo(line.getCommandSpec());
      }
      line.getCommandSpec().version(root.getCommandSpec().version());
      line.getCommandSpec().usageMessage().sortOptions(false);
      root.addSubcommand(name, line);
    }
  }

  /** Adds every command with all its options. */
  static void addAll(CommandLine root, Invocation invocation) {
    for (String name : names()) {
      addNamed(root, new String[] {name}, invocation);
    }
  }

  /** Adds what the list of commands shows of those that are not there. */
  static void addOutlines(CommandLine root) {
    for (String[] summary : SUMMARIES) {
      if (!root.getSubcommands().containsKey(summary[0])) {
        CommandSpec outline = CommandSpec.create();
        outline.usageMessage().description(summary[1]);
        root.addSubcommand(summary[0], new CommandLine(outline));
      }
    }
  }

  /** Returns the names of all commands, in the order of the help. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (String[] summary : SUMMARIES) {
      names.add(summary[0]);
    }
    return names;
  }

  private static String firstWord(String[] args) {
    for (String arg : args) {
      if (!arg.startsWith("-")) {
        return arg;
      }
    }
    return "";
  }

  private static @Nullable Callable<Integer> make(String name, Invocation invocation) {
    return switch (name) {
      case "publish" -> new PublishCommand(invocation);
      case "run" -> new RunCommand(invocation);
      case "inspect" -> new InspectCommand(invocation);
      case "get" -> new GetCommand(invocation);
      case "history" -> new HistoryCommand(invocation);
      case "diff" -> new DiffCommand(invocation);
      case "rollback" -> new RollbackCommand(invocation);
      case "resume" -> new ResumeCommand(invocation);
      case "keygen" -> new KeygenCommand(invocation);
      case "kv" -> new KvCommand(invocation);
      case "check-source" -> new CheckSourceCommand(invocation);
      case "seed" -> new SeedCommand(invocation);
      case "demo" -> new DemoCommand(invocation);
      default -> null;
    };
  }
}
