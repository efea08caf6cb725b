package dev.satchel.kv;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Everything that is wrong with the environment's variables, at once. Neither the message nor the
 * problems show a variable's value, since a secret may stand where it does not belong.
 */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  private final transient List<String> problems;

  /**
   * @param problems the variable, what is wrong and what would be right; a control character in one
   *     becomes a space, since a value that is shown may hold a line break or worse
   */
  public SettingsException(List<String> problems) {
    super(line(String.join("; ", problems)));
    this.problems = problems.stream().map(SettingsException::line).toList();
  }

  /** One line for each problem, in the order of the documentation. */
  public List<String> problems() {
    return problems;
  }

  private static String line(String problem) {
    return CONTROL.matcher(problem).replaceAll(" ");
  }
}
