package dev.satchel.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudflareSettingsTest {
  private static final String SECRET = "mark-5f0c9d-of-the-secret";
  private static final Map<String, String> COMPLETE =
      Map.of(
          "CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef",
          "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "fedcba9876543210fedcba9876543210",
          "CLOUDFLARE_API_TOKEN", SECRET);

  @TempDir Path folder;

  @Test
  void readsIdsTokenAndTheDefaultAddress() {
    var settings = CloudflareSettings.fromEnv(COMPLETE);

    assertThat(settings.accountId()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(settings.namespaceId()).isEqualTo("fedcba9876543210fedcba9876543210");
    assertThat(settings.baseUrl()).isEqualTo(URI.create("https://api.cloudflare.com/client/v4"));
    assertThat(settings.toString()).contains("Token[…]").doesNotContain(SECRET);
  }

  @Test
  void readsEmailAndKey() {
    var env = without("CLOUDFLARE_API_TOKEN");
    env.put("CLOUDFLARE_EMAIL", "ops@example.com");
    env.put("CLOUDFLARE_API_KEY", SECRET);

    assertThat(CloudflareSettings.fromEnv(env).toString())
        .contains("Key[…]")
        .doesNotContain(SECRET, "ops@example.com");
  }

  @Test
  void readsTheTokenFromAFileAndTrimsIt() throws IOException {
    var file = Files.writeString(folder.resolve("token"), "  " + SECRET + "\r\n");
    var env = without("CLOUDFLARE_API_TOKEN");
    env.put("CLOUDFLARE_API_TOKEN_FILE", file.toString());

    var settings = CloudflareSettings.fromEnv(env);

    assertThat(settings.credentials().removeFrom("<" + SECRET + ">")).isEqualTo("<…>");
  }

  @Test
  void readsTheKeyFromAFile() throws IOException {
    var file = Files.writeString(folder.resolve("key"), SECRET);
    var env = without("CLOUDFLARE_API_TOKEN");
    env.put("CLOUDFLARE_EMAIL", "ops@example.com");
    env.put("CLOUDFLARE_API_KEY_FILE", file.toString());

    assertThat(CloudflareSettings.fromEnv(env).credentials()).hasToString("Key[…]");
  }

  @Test
  void namesEverythingThatIsMissingAtOnce() {
    assertThat(problems(Map.of("CLOUDFLARE_ACCOUNT_ID", " ")))
        .containsExactly(
            "CLOUDFLARE_ACCOUNT_ID is blank: expected the account's 32 hexadecimal digits",
            "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID is not set: expected the namespace's 32 hexadecimal digits",
            "CLOUDFLARE_API_TOKEN is not set: expected an API token with a permission for Workers KV Storage, or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY");
  }

  @Test
  void namesWhatContradictsEachOther() {
    assertThat(problems(with("CLOUDFLARE_API_KEY", SECRET)))
        .containsExactly(
            "CLOUDFLARE_API_TOKEN, CLOUDFLARE_API_KEY contradict each other: expected either a token or email and key");
    assertThat(problems(with("CLOUDFLARE_EMAIL", "ops@example.com")))
        .containsExactly(
            "CLOUDFLARE_API_TOKEN, CLOUDFLARE_EMAIL contradict each other: expected either a token or email and key");
    assertThat(problems(with("CLOUDFLARE_API_TOKEN_FILE", "/run/token")))
        .containsExactly(
            "expected only one of CLOUDFLARE_API_TOKEN and CLOUDFLARE_API_TOKEN_FILE but both are set");
  }

  @Test
  void namesTheMissingHalfOfEmailAndKey() {
    var email = without("CLOUDFLARE_API_TOKEN");
    email.put("CLOUDFLARE_EMAIL", "ops@example.com");
    assertThat(problems(email))
        .containsExactly(
            "CLOUDFLARE_API_KEY is not set: expected the global API key that belongs to CLOUDFLARE_EMAIL");

    var key = without("CLOUDFLARE_API_TOKEN");
    key.put("CLOUDFLARE_API_KEY", SECRET);
    assertThat(problems(key))
        .containsExactly(
            "CLOUDFLARE_EMAIL is not set: expected the email address that belongs to the key");
  }

  @Test
  void takesAVariableThatIsBlankForOneThatIsNotSet() {
    var env = with("CLOUDFLARE_API_KEY", " ");
    env.put("CLOUDFLARE_API_BASE_URL", "");

    assertThat(CloudflareSettings.fromEnv(env).baseUrl())
        .isEqualTo(CloudflareSettings.DEFAULT_BASE_URL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", " ", "\t"})
  void leavesOutWhiteSpaceAroundEveryVariable(String around) {
    var env = new HashMap<String, String>();
    COMPLETE.forEach((name, value) -> env.put(name, around + value + around));
    env.put("CLOUDFLARE_API_BASE_URL", around + "https://kv.example/client/v4" + around);

    var settings = CloudflareSettings.fromEnv(env);

    assertThat(settings.accountId()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(settings.namespaceId()).isEqualTo("fedcba9876543210fedcba9876543210");
    assertThat(settings.baseUrl()).isEqualTo(URI.create("https://kv.example/client/v4"));
    assertThat(settings.credentials().headers()).containsEntry("Authorization", "Bearer " + SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\nX-Evil: 1", " ", "\t", "\u0000", "é", "\u2028"})
  void refusesCharactersThatNoHeaderCarries(String bad) {
    assertThat(problems(with("CLOUDFLARE_API_TOKEN", SECRET + bad + "x")))
        .containsExactly(
            "CLOUDFLARE_API_TOKEN has white space, line ends or other characters: expected visible ASCII characters on one line");
    assertThat(problems(with("CLOUDFLARE_ACCOUNT_ID", SECRET + bad + "x")))
        .containsExactly(
            "CLOUDFLARE_ACCOUNT_ID has other characters than letters, digits, - and _: expected the account's 32 hexadecimal digits");
    assertThat(problems(with("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "a/../b" + bad))).hasSize(1);
    var email = without("CLOUDFLARE_API_TOKEN");
    email.put("CLOUDFLARE_API_KEY", SECRET);
    email.put("CLOUDFLARE_EMAIL", "ops@example.com" + bad + "x");
    assertThat(problems(email))
        .containsExactly(
            "CLOUDFLARE_EMAIL is not an email address: expected one such as ops@example.com");
  }

  @Test
  void saysWhichFileCannotBeReadButNotItsPathWhichMayBeTheSecret() throws IOException {
    var env = without("CLOUDFLARE_API_TOKEN");
    env.put("CLOUDFLARE_API_TOKEN_FILE", folder.resolve(SECRET).toString());
    assertThat(problems(env))
        .containsExactly(
            "CLOUDFLARE_API_TOKEN_FILE names a file that cannot be read (NoSuchFileException): expected the path of a readable file");

    env.put("CLOUDFLARE_API_TOKEN_FILE", SECRET + "\u0000");
    assertThat(problems(env)).singleElement().asString().contains("InvalidPathException");

    env.put("CLOUDFLARE_API_TOKEN_FILE", folder.toString());
    assertThat(problems(env)).singleElement().asString().contains("cannot be read");

    env.put(
        "CLOUDFLARE_API_TOKEN_FILE", Files.writeString(folder.resolve("empty"), "\n").toString());
    assertThat(problems(env))
        .containsExactly(
            "CLOUDFLARE_API_TOKEN_FILE names a file that is empty: expected the secret in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.com",
        "example.com/client/v4",
        "http://",
        "http:///client",
        "localhost:8787",
        "http://u:" + SECRET + "@h/",
        "http://h/?q=" + SECRET,
        "http://h/#f",
        "http://h:0",
        "http://h:65536",
        "http://h/a b",
        SECRET
      })
  void refusesAnAddressThatIsNone(String url) {
    assertThat(problems(with("CLOUDFLARE_API_BASE_URL", url)))
        .containsExactly(
            "CLOUDFLARE_API_BASE_URL is not usable: expected an http or https address without user, query or fragment, such as https://api.cloudflare.com/client/v4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8787/client/v4", "http://127.0.0.1:8787/client/v4//"})
  void dropsSlashesAtTheEndOfTheAddress(String url) {
    var settings = CloudflareSettings.fromEnv(with("CLOUDFLARE_API_BASE_URL", url));

    assertThat(settings.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:8787/client/v4"));
  }

  @Test
  void countsAsConfiguredAsSoonAsOneVariableIsSet() {
    assertThat(CloudflareSettings.isConfigured(Map.of())).isFalse();
    assertThat(CloudflareSettings.isConfigured(Map.of("CLOUDFLARE_API_TOKEN", " ", "PATH", "/bin")))
        .isFalse();
    for (var name :
        List.of(
            "CLOUDFLARE_ACCOUNT_ID",
            "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID",
            "CLOUDFLARE_API_TOKEN",
            "CLOUDFLARE_API_TOKEN_FILE",
            "CLOUDFLARE_EMAIL",
            "CLOUDFLARE_API_KEY",
            "CLOUDFLARE_API_KEY_FILE",
            "CLOUDFLARE_API_BASE_URL")) {
      assertThat(CloudflareSettings.isConfigured(Map.of(name, "x"))).as(name).isTrue();
    }
  }

  @Test
  void refusesToBeBuiltFromWhatCannotBeSent() {
    var url = CloudflareSettings.DEFAULT_BASE_URL;
    var token = Credentials.token(SECRET);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CloudflareSettings("a/b", "ns", url, token));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CloudflareSettings("acc", "ns", URI.create("/relative"), token));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Credentials.token(SECRET + "\n"))
        .withMessageNotContaining(SECRET);
  }

  /** The problems of {@code env}, none of which shows a secret. */
  private static List<String> problems(Map<String, String> env) {
    var problems = new ArrayList<String>();
    assertThatThrownBy(() -> CloudflareSettings.fromEnv(env))
        .isInstanceOfSatisfying(
            SettingsException.class,
            failure -> {
              assertThat(failure).hasMessage(String.join("; ", failure.problems()));
              assertThat(failure.getMessage()).doesNotContain(SECRET).doesNotContain("\n");
              problems.addAll(failure.problems());
            });
    return problems;
  }

  private static Map<String, String> with(String name, String value) {
    var env = new HashMap<>(COMPLETE);
    env.put(name, value);
    return env;
  }

  private static Map<String, String> without(String name) {
    var env = new HashMap<>(COMPLETE);
    env.remove(name);
    return env;
  }
}
