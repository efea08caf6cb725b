package dev.satchel.publisher.cli;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The commands below {@code satchel}. */
final class Commands {
  private Commands() {}

  /**
   * Adds the command that the arguments name. If they name none, as for the list of commands, adds
   * all of them in outline: to make one takes long, because of what it works with.
   */
  static void addNamed(CommandLine root, String[] args, Invocation invocation) {
    String name = Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst().orElse("");
    Callable<Integer> named = make(name, invocation);
    if (named != null) {
      root.addSubcommand(line(named));
      return;
    }
    for (Class<?> type : types()) {
      Command about = type.getAnnotation(Command.class);
      CommandSpec outline = CommandSpec.create();
      outline.usageMessage().description(about.description());
      root.addSubcommand(about.name(), new CommandLine(outline));
    }
  }

  /** Adds every command with all its options. */
  static void addAll(CommandLine root, Invocation invocation) {
    for (Class<?> type : types()) {
      addNamed(root, new String[] {type.getAnnotation(Command.class).name()}, invocation);
    }
  }

  /** Returns the commands in the order of the help. */
  static List<Class<?>> types() {
    return List.of(
        PublishCommand.class,
        RunCommand.class,
        InspectCommand.class,
        GetCommand.class,
        HistoryCommand.class,
        DiffCommand.class,
        RollbackCommand.class,
        ResumeCommand.class,
        KeygenCommand.class,
        KvCommand.class,
        SeedCommand.class,
        DemoCommand.class);
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
      case "seed" -> new SeedCommand(invocation);
      case "demo" -> new DemoCommand(invocation);
      default -> null;
    };
  }

  private static CommandLine line(Callable<Integer> command) {
    var line = new CommandLine(command);
    if (command instanceof SettingOptions.Owner owner) {
      owner.options().addTo(line.getCommandSpec());
    }
    return line;
  }
}
