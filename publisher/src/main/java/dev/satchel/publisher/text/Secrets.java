package dev.satchel.publisher.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads secrets, from a variable or from the file that the variable with {@code _FILE} names. */
public final class Secrets {
  private Secrets() {}

  /** Returns whether the variable or the one that names a file is set. */
  public static boolean areSet(Map<String, String> env, Setting<String> secret) {
    return !Variables.get(env, secret.variable(), "").isEmpty()
        || !Variables.get(env, secret.variable() + "_FILE", "").isEmpty();
  }

  /** Returns what a secret setting says; see {@link #of(Map, String, List)}. */
  public static Optional<String> of(
      Map<String, String> env, Setting<String> secret, List<String> problems) {
    return of(env, secret.variable(), problems);
  }

  /**
   * Returns what the variable says; empty if neither is set. Each problem adds a line to {@code
   * problems}, which never shows the secret.
   */
  public static Optional<String> of(
      Map<String, String> env, String variable, List<String> problems) {
    String plain = Variables.get(env, variable, "");
    String file = Variables.get(env, variable + "_FILE", "");
    if (!plain.isEmpty() && !file.isEmpty()) {
      problems.add(
          "expected only one of %s and %s_FILE but both are set".formatted(variable, variable));
    } else if (!file.isEmpty()) {
      try {
        return Optional.of(Files.readString(Path.of(file)).strip());
      } catch (IOException | IllegalArgumentException e) {
        // without the path: someone may have put the secret itself where the file name belongs
        problems.add(
            "%s_FILE: expected the path of a readable file but cannot read it (%s)"
                .formatted(variable, e.getClass().getSimpleName()));
      }
    }
    return plain.isEmpty() ? Optional.empty() : Optional.of(plain.strip());
  }
}
