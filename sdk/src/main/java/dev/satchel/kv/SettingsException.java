package dev.satchel.kv;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Reports everything that is wrong with the environment's variables at once. A problem shows the
 * value of a variable only where it cannot be a secret.
 */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  private final transient List<String> problems;

  /**
   * @param problems each names the variable, what is wrong and what would be right; control
   *     characters become spaces, since a value that is shown may hold a line break or worse
   */
  public SettingsException(List<String> problems) {
    super(line(String.join("; ", problems)));
    this.problems = problems.stream().map(SettingsException::line).toList();
  }

  /** Returns the problems, one line each, in the order of the documentation. */
  public List<String> problems() {
    return problems;
  }

  private static String line(String problem) {
    return CONTROL.matcher(problem).replaceAll(" ");
  }
}
