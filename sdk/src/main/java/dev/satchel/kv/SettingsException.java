package dev.satchel.kv;

import java.util.List;

/**
 * Everything that is wrong with the environment's variables, at once. Neither the message nor the
 * problems show a variable's value, since a secret may stand where it does not belong.
 */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * @param problems one line each: the variable, what is wrong and what would be right
   */
  public SettingsException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line for each problem, in the order of the documentation. */
  public List<String> problems() {
    return problems;
  }
}
