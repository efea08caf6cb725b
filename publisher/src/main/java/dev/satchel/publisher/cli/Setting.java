package dev.satchel.publisher.cli;

import org.jspecify.annotations.Nullable;

/**
 * One setting: how a person gives it, and what it means.
 *
 * @param variable the environment variable, or several in words
 * @param option the option that stands for the variable and wins over it; null if there is none
 * @param takes what the option takes, such as {@code DURATION}
 * @param meaning one line, with the default at its end
 */
record Setting(String variable, @Nullable String option, String takes, String meaning) {

  static Setting of(String variable, String meaning) {
    return new Setting(variable, null, "", meaning);
  }

  static Setting of(String variable, String option, String takes, String meaning) {
    return new Setting(variable, option, takes, meaning);
  }
}
