package dev.satchel.publisher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes the man pages and the shell completion that a package installs. The build runs it. */
public final class InstalledTexts {
  private InstalledTexts() {}

  /** Writes below the folder {@code share}, the first argument; the version is the second. */
  public static void main(String[] args) throws IOException {
    var nothing = new PrintStream(PrintStream.nullOutputStream(), true, UTF_8);
    write(
        SatchelCommand.whole(
            args[1],
            new Invocation(Map.of(), nothing, nothing, Terminal.NONE, new CompletableFuture<>())),
        Path.of(args[0]));
  }

  private static void write(CommandLine satchel, Path share) throws IOException {
    Path pages = Files.createDirectories(share.resolve("man/man1"));
    List<CommandLine> commands = new ArrayList<>(satchel.getSubcommands().values());
    commands.add(satchel);
    for (CommandLine command : commands) {
      Path page = pages.resolve(ManPage.name(command.getCommandSpec()) + ".1");
      Files.writeString(page, ManPage.of(command));
    }
    Path completions = Files.createDirectories(share.resolve("bash-completion/completions"));
    String script = AutoComplete.bash("satchel", satchel);
    // the same bytes on every day
    Files.writeString(completions.resolve("satchel"), script.replaceAll("(?m)^# Date:.*\\n", ""));
  }
}
