package dev.satchel.kv;

import static dev.satchel.kv.CloudflareSettings.EMAIL;
import static dev.satchel.kv.CloudflareSettings.KEY;
import static dev.satchel.kv.CloudflareSettings.KEY_FILE;
import static dev.satchel.kv.CloudflareSettings.TOKEN;
import static dev.satchel.kv.CloudflareSettings.TOKEN_FILE;
import static dev.satchel.kv.CloudflareSettings.absence;
import static dev.satchel.kv.CloudflareSettings.isSet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads credentials from variables, or from the files that variables name. */
final class EnvCredentials {
  /** Longer than any token, and short enough to read whatever the path leads to. */
  private static final int MAX_FILE_BYTES = 16_384;

  private EnvCredentials() {}

  /** Reads the credentials. Returns empty if it added anything to {@code problems}. */
  static Optional<Credentials> read(Map<String, String> env, List<String> problems) {
    int before = problems.size();
    boolean token = isSet(env, TOKEN) || isSet(env, TOKEN_FILE);
    boolean key = isSet(env, KEY) || isSet(env, KEY_FILE);
    boolean email = isSet(env, EMAIL);
    if (token && (key || email)) {
      problems.add(
          namesOfSet(env, TOKEN, TOKEN_FILE, EMAIL, KEY, KEY_FILE)
              + " contradict each other: expected either a token or email and key");
    } else if (!token && !key && !email) {
      problems.add(
          absence(env, TOKEN)
              + ": expected an API token with a permission for Workers KV Storage, or "
              + EMAIL
              + " and "
              + KEY);
    } else if (!token && !key) {
      problems.add(absence(env, KEY) + ": expected the global API key that belongs to " + EMAIL);
    } else if (!token && !email) {
      problems.add(absence(env, EMAIL) + ": expected the email address that belongs to the key");
    }
    var tokenText = secret(env, TOKEN, TOKEN_FILE, problems);
    var keyText = secret(env, KEY, KEY_FILE, problems);
    var emailText = env.getOrDefault(EMAIL, "");
    if (email && !(Credentials.isVisibleAscii(emailText) && emailText.contains("@"))) {
      problems.add(EMAIL + " is not an email address: expected one such as ops@example.com");
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        token ? Credentials.token(tokenText) : Credentials.emailAndKey(emailText, keyText));
  }

  /**
   * Returns the text of the variable or of its file; "" if neither is set or a problem was added.
   */
  private static String secret(
      Map<String, String> env, String variable, String fileVariable, List<String> problems) {
    if (isSet(env, variable) && isSet(env, fileVariable)) {
      problems.add(variable + " and " + fileVariable + " are both set: expected one of them");
      return "";
    }
    if (isSet(env, variable)) {
      return checked(variable, env.getOrDefault(variable, ""), problems);
    }
    if (!isSet(env, fileVariable)) {
      return "";
    }
    // shows neither the path nor the exception's message: the secret itself may have been put
    // where its file's name belongs
    try (var file = Files.newInputStream(Path.of(env.getOrDefault(fileVariable, "")))) {
      var text = new String(file.readNBytes(MAX_FILE_BYTES), StandardCharsets.UTF_8).trim();
      return checked(fileVariable, text, problems);
    } catch (IOException | InvalidPathException unreadable) {
      problems.add(
          fileVariable
              + " names a file that cannot be read ("
              + unreadable.getClass().getSimpleName()
              + "): expected the path of a readable file");
      return "";
    }
  }

  private static String checked(String variable, String text, List<String> problems) {
    if (Credentials.isVisibleAscii(text)) {
      return text;
    }
    problems.add(
        variable
            + (text.isEmpty() ? " is empty" : " has white space, line ends or other characters")
            + ": expected visible ASCII characters on one line");
    return "";
  }

  private static String namesOfSet(Map<String, String> env, String... names) {
    return String.join(", ", Stream.of(names).filter(name -> isSet(env, name)).toList());
  }
}
