package dev.satchel.kv;

import static dev.satchel.kv.CloudflareSettings.EMAIL;
import static dev.satchel.kv.CloudflareSettings.KEY;
import static dev.satchel.kv.CloudflareSettings.KEY_FILE;
import static dev.satchel.kv.CloudflareSettings.TOKEN;
import static dev.satchel.kv.CloudflareSettings.TOKEN_FILE;
import static dev.satchel.kv.CloudflareSettings.absence;
import static dev.satchel.kv.EnvVariables.isSet;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads credentials from variables, or from the files that variables name. */
final class EnvCredentials {
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
    var tokenText = secret(env, TOKEN, problems);
    var keyText = secret(env, KEY, problems);
    var emailText = EnvVariables.get(env, EMAIL, "");
    if (email && !(Credentials.isVisibleAscii(emailText) && emailText.contains("@"))) {
      problems.add(EMAIL + " is not an email address: expected one such as ops@example.com");
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        token ? Credentials.token(tokenText) : Credentials.emailAndKey(emailText, keyText));
  }

  /** Returns the secret; "" if it is not set or a problem was added. */
  private static String secret(Map<String, String> env, String variable, List<String> problems) {
    String text = EnvVariables.secret(env, variable, problems).orElse("");
    if (!text.isEmpty() && !Credentials.isVisibleAscii(text)) {
      problems.add(
          EnvVariables.origin(env, variable)
              + " has white space, line ends or other characters: expected visible ASCII"
              + " characters on one line");
      return "";
    }
    return text;
  }

  private static String namesOfSet(Map<String, String> env, String... names) {
    return String.join(", ", Stream.of(names).filter(name -> isSet(env, name)).toList());
  }
}
