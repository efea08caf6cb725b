package dev.satchel.publisher.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Secrets, from a variable or from the file that the variable with {@code _FILE} names. */
public final class Secrets {
  private Secrets() {}

  /**
   * What the variable says; empty if neither is set. What is wrong is a line in {@code problems},
   * which never shows the secret.
   */
  public static Optional<String> of(
      Map<String, String> env, String variable, List<String> problems) {
    String plain = Variables.get(env, variable, "");
    String file = Variables.get(env, variable + "_FILE", "");
    if (!plain.isEmpty() && !file.isEmpty()) {
      problems.add("expected one of %s and %s_FILE but both are set".formatted(variable, variable));
    } else if (!file.isEmpty()) {
      try {
        return Optional.of(Files.readString(Path.of(file)).strip());
      } catch (IOException | IllegalArgumentException e) {
        // without the path: the secret itself may have been put where its file's name belongs
        problems.add(
            "%s_FILE: expected the path of a readable file but cannot read it (%s)"
                .formatted(variable, e.getClass().getSimpleName()));
      }
    }
    return plain.isEmpty() ? Optional.empty() : Optional.of(plain.strip());
  }
}
