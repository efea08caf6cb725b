package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/** The options of one command that stand for variables. Each wins over its variable. */
final class SettingOptions {
  private final List<Setting<?>> settings;
  private final Map<String, String> given = new HashMap<>();

  SettingOptions(List<Setting<?>> settings) {
    this.settings = settings;
  }

  /** A command with such options. */
  interface Owner {
    SettingOptions options();
  }

  /** Adds the options to what the command understands, before its others. */
  void addTo(CommandSpec spec) {
    for (Setting<?> setting : settings) {
      spec.addOption(
          OptionSpec.builder(Objects.requireNonNull(setting.option(), setting.variable()))
              .paramLabel(setting.takes())
              .type(String.class)
              .description((setting.help() + " (" + setting.variable() + ")").replace("%", "%%"))
              .order(-2)
              .setter(new Taken(setting.variable()))
              .build());
    }
  }

  /** Takes what was given; picocli sets null before it parses. */
  private final class Taken implements ISetter {
    private final String variable;

    Taken(String variable) {
      this.variable = variable;
    }

    @Override
    public <T> T set(T value) {
      if (value == null) {
        given.remove(variable);
      } else {
        given.put(variable, value.toString());
      }
      return value;
    }
  }

  /** Returns whether a setting was given as an option. */
  boolean have(Setting<?> setting) {
    return given.containsKey(setting.variable());
  }

  /** Returns the variables with the given options in their place. */
  Map<String, String> over(Map<String, String> env) {
    var all = new HashMap<>(env);
    all.putAll(given);
    return all;
  }
}
