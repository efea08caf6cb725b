package dev.satchel.publisher.text;

import dev.satchel.kv.EnvVariables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One setting: how a person gives it, what it takes, and what it means. The class that reads it
 * declares it; options, help and the table of the documentation are made from it.
 *
 * @param variable the environment variable
 * @param grammar what the variable and the option take
 * @param option the option that stands for the variable and wins over it; null if there is none
 * @param takes what the option takes, such as {@code DURATION}
 * @param byDefault what is read if it is not set; null for nothing
 * @param defaultInWords what a person is told about the default; may be empty
 * @param meaning one line
 * @param isSecret whether it may also come from the file that the variable with {@code _FILE} names
 */
public record Setting<T>(
    String variable,
    Grammar<T> grammar,
    @Nullable String option,
    String takes,
    @Nullable String byDefault,
    String defaultInWords,
    String meaning,
    boolean isSecret) {

  /** Returns a setting without option, default or meaning, which the next calls add. */
  public static <T> Setting<T> of(String variable, Grammar<T> grammar) {
    return new Setting<>(variable, grammar, null, "", null, "", "", false);
  }

  /** Returns a secret, which {@link dev.satchel.kv.EnvVariables} reads. */
  public static Setting<String> secret(String variable) {
    return new Setting<>(variable, Grammar.text(), null, "", null, "", "", true);
  }

  public Setting<T> option(String name, String takenText) {
    return new Setting<>(
        variable, grammar, name, takenText, byDefault, defaultInWords, meaning, isSecret);
  }

  /** Returns the setting with a default, which has to be right. */
  public Setting<T> byDefault(String text) {
    return new Setting<>(variable, grammar, option, takes, text, text, meaning, isSecret);
  }

  /** Returns the setting with words about what happens if it is not set. */
  public Setting<T> otherwise(String words) {
    return new Setting<>(variable, grammar, option, takes, byDefault, words, meaning, isSecret);
  }

  public Setting<T> means(String text) {
    return new Setting<>(
        variable, grammar, option, takes, byDefault, defaultInWords, text, isSecret);
  }

  /** Returns what is set; empty if nothing is, or if it is wrong, which adds a problem. */
  public Optional<T> find(Map<String, String> env, List<String> problems) {
    String text = EnvVariables.get(env, variable, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> value = grammar.parser().apply(text);
    if (value.isEmpty()) {
      problems.add(wrong(text));
    }
    return value;
  }

  /** Returns what is set or else the default. A wrong value adds a problem to the list. */
  public T read(Map<String, String> env, List<String> problems) {
    return find(env, problems).orElseGet(this::defaultValue);
  }

  /** Returns the default, of a setting that has one. */
  public T defaultValue() {
    if (byDefault == null) {
      throw new IllegalStateException(variable + " has no default");
    }
    return grammar.parser().apply(byDefault).orElseThrow();
  }

  /** Returns the problem of a wrong value. */
  public String wrong(String found) {
    return wrong(grammar.expected(), found);
  }

  /** Returns the problem of a value that is wrong for a reason that the grammar does not know. */
  public String wrong(String expected, String found) {
    return "%s: expected %s but found %s".formatted(variable, expected, found);
  }

  /** Returns the meaning, and after it the default or that there is none. */
  public String help() {
    if (defaultInWords.isEmpty()) {
      return meaning;
    }
    return meaning + (defaultInWords.startsWith("required") ? "; " : "; default ") + defaultInWords;
  }

  /** Returns the variable, as messages name the setting. */
  @Override
  public String toString() {
    return variable;
  }
}
