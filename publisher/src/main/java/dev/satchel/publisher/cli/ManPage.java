package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.Setting;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.IOptionRenderer;
import picocli.CommandLine.Help.IParameterRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The man page of one command, in the language of man(7), from what picocli knows of it. */
final class ManPage {
  private final StringBuilder page = new StringBuilder();
  private final CommandSpec spec;
  private final Help help;

  private ManPage(CommandLine command) {
    spec = command.getCommandSpec();
    help = new Help(spec, Help.defaultColorScheme(Ansi.OFF));
  }

  /** Returns the page of a command; that of {@code satchel} also has all variables. */
  static String of(CommandLine command) {
    return new ManPage(command).written();
  }

  /** Returns the name of a command's page, such as satchel-publish. */
  static String name(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  private String written() {
    String name = name(spec);
    line(
        ".TH %s 1 \"\" \"%s\" \"Satchel\""
            .formatted(name.toUpperCase(Locale.ROOT), spec.version()[0]));
    section("NAME");
    String[] description = spec.usageMessage().description();
    text(name + " - " + description[0].replaceFirst("\\.$", ""));
    section("SYNOPSIS");
    text(help.synopsis(0).replaceAll("\\s+", " ").replace("[, ", "[,").strip());
    section("DESCRIPTION");
    for (String paragraph : description) {
      line(".PP");
      text(paragraph);
    }
    options();
    commands();
    exitStatus();
    if (spec == spec.root()) {
      variables();
    } else {
      section("SEE ALSO");
      text("satchel(1), which lists the variables");
    }
    return page.toString();
  }

  private void options() {
    section("OPTIONS");
    IParameterRenderer parameters = help.createDefaultParameterRenderer();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      entry(parameters.render(parameter, help.parameterLabelRenderer(), help.colorScheme()));
    }
    IOptionRenderer options = help.createDefaultOptionRenderer();
    for (OptionSpec option : spec.options()) {
      entry(options.render(option, help.parameterLabelRenderer(), help.colorScheme()));
    }
  }

  /** Adds what picocli shows in a row: a mark, the names in three columns, and what it means. */
  private void entry(Text[][] rows) {
    Text[] first = rows[0];
    String names = first[1].plainString() + first[2].plainString() + " " + first[3].plainString();
    line(".TP");
    bold(names.strip().replaceAll("\\s+", " "));
    for (Text[] row : rows) {
      text(row[4].plainString());
    }
  }

  private void commands() {
    if (spec.subcommands().isEmpty()) {
      return;
    }
    section("COMMANDS");
    for (CommandLine command : spec.subcommands().values()) {
      line(".TP");
      bold(name(command.getCommandSpec()) + "(1)");
      text(command.getCommandSpec().usageMessage().description()[0]);
    }
  }

  private void exitStatus() {
    Map<String, String> codes = spec.usageMessage().exitCodeList();
    if (codes.isEmpty()) {
      return;
    }
    section("EXIT STATUS");
    codes.forEach(
        (code, meaning) -> {
          line(".TP");
          bold(code);
          text(meaning);
        });
  }

  private void variables() {
    section("ENVIRONMENT");
    for (Setting<?> setting : Settings.all()) {
      line(".TP");
      bold(Settings.variables(setting));
      text(setting.help());
    }
  }

  private void section(String name) {
    line(".SH " + name);
  }

  private void bold(String words) {
    line("\\fB" + escaped(words) + "\\fR");
  }

  private void text(String words) {
    String escaped = escaped(words);
    if (!escaped.isBlank()) {
      // a line that begins like this would be a request
      line(escaped.matches("[.'].*") ? "\\&" + escaped : escaped);
    }
  }

  private static String escaped(String words) {
    return words.replace("\\", "\\e").replace("-", "\\-").replace("%%", "%");
  }

  private void line(String line) {
    page.append(line).append('\n');
  }
}
