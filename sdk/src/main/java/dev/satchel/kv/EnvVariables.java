package dev.satchel.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads environment variables for all settings. White space around a value is left out, because
 * secrets of Kubernetes and files often end with a line break; a blank value counts as not set,
 * because Compose and CI files leave variables blank.
 */
public final class EnvVariables {
  /** Longer than any secret, and short enough to read whatever the path leads to. */
  private static final int MAX_FILE_BYTES = 16_384;

  private EnvVariables() {}

  /** Returns a variable's value, or {@code otherwise} if it is not set. */
  public static String get(Map<String, String> env, String name, String otherwise) {
    String value = env.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  /** Returns whether the variable is set. */
  public static boolean isSet(Map<String, String> env, String name) {
    return !env.getOrDefault(name, "").isBlank();
  }

  /** Returns the name of the variable that names a file with the secret. */
  public static String file(String variable) {
    return variable + "_FILE";
  }

  /** Returns which of the two variables the secret comes from, for messages. */
  public static String origin(Map<String, String> env, String variable) {
    return isSet(env, file(variable)) ? file(variable) : variable;
  }

  /**
   * Returns the secret in the variable, or in the file that the variable with {@code _FILE} names;
   * empty if neither is set. Each problem adds a line to {@code problems}, which never shows the
   * secret.
   */
  public static Optional<String> secret(
      Map<String, String> env, String variable, List<String> problems) {
    String file = file(variable);
    if (!isSet(env, file)) {
      return Optional.of(get(env, variable, "")).filter(text -> !text.isEmpty());
    }
    if (isSet(env, variable)) {
      problems.add("expected only one of %s and %s but both are set".formatted(variable, file));
      return Optional.empty();
    }
    try (var content = Files.newInputStream(Path.of(get(env, file, "")))) {
      byte[] bytes = content.readNBytes(MAX_FILE_BYTES);
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (!text.isEmpty()) {
        return Optional.of(text);
      }
      problems.add(file + " names a file that is empty: expected the secret in it");
    } catch (IOException | InvalidPathException e) {
      // without the path: someone may have put the secret itself where the file name belongs
      problems.add(
          "%s names a file that cannot be read (%s): expected the path of a readable file"
              .formatted(file, e.getClass().getSimpleName()));
    }
    return Optional.empty();
  }
}
