package dev.satchel.kv;

import dev.satchel.http.NetworkOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which namespace of which account to use, at which address and with which credentials.
 *
 * @param accountId letters, digits, {@code -} and {@code _}
 * @param namespaceId letters, digits, {@code -} and {@code _}
 * @param baseUrl the root of the API, http or https; slashes at its end are dropped
 */
public record CloudflareSettings(
    String accountId, String namespaceId, URI baseUrl, Credentials credentials) {

  static final String ACCOUNT = "CLOUDFLARE_ACCOUNT_ID";
  static final String NAMESPACE = "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID";
  static final String TOKEN = "CLOUDFLARE_API_TOKEN";
  static final String TOKEN_FILE = "CLOUDFLARE_API_TOKEN_FILE";
  static final String EMAIL = "CLOUDFLARE_EMAIL";
  static final String KEY = "CLOUDFLARE_API_KEY";
  static final String KEY_FILE = "CLOUDFLARE_API_KEY_FILE";
  static final String BASE_URL = "CLOUDFLARE_API_BASE_URL";

  /** The address of Cloudflare itself. */
  public static final URI DEFAULT_BASE_URL = URI.create("https://api.cloudflare.com/client/v4");

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final String BASE_URL_RULE =
      "expected an http or https address without user, query or fragment, such as "
          + DEFAULT_BASE_URL;

  public CloudflareSettings {
    if (!ID.matcher(accountId).matches() || !ID.matcher(namespaceId).matches()) {
      throw new IllegalArgumentException(
          "expected account id and namespace id of letters, digits, - and _");
    }
    if (!isBaseUrl(baseUrl)) {
      throw new IllegalArgumentException("base url: " + BASE_URL_RULE);
    }
    baseUrl = URI.create(baseUrl.toString().replaceAll("/+$", ""));
  }

  /**
   * Reads the settings from environment variables, and from the files that {@code …_FILE} variables
   * name. A blank variable counts as unset.
   *
   * @throws SettingsException with everything that is missing, contradictory or malformed
   */
  public static CloudflareSettings fromEnv(Map<String, String> env) {
    var problems = new ArrayList<String>();
    var account = id(env, ACCOUNT, "the account's 32 hexadecimal digits", problems);
    var namespace = id(env, NAMESPACE, "the namespace's 32 hexadecimal digits", problems);
    var credentials = EnvCredentials.read(env, problems);
    var baseUrl = baseUrl(env, problems);
    network(env, problems)
        .flatMap(network -> network.refusal(baseUrl))
        .ifPresent(refusal -> problems.add(BASE_URL + ": " + refusal));
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new CloudflareSettings(account, namespace, baseUrl, credentials.orElseThrow());
  }

  /** Returns whether any variable about Cloudflare is set to more than white space. */
  public static boolean isConfigured(Map<String, String> env) {
    return Stream.of(ACCOUNT, NAMESPACE, TOKEN, TOKEN_FILE, EMAIL, KEY, KEY_FILE, BASE_URL)
        .anyMatch(name -> EnvVariables.isSet(env, name));
  }

  /** Returns how {@code name} is missing, as the first half of a problem. */
  static String absence(Map<String, String> env, String name) {
    return name + (env.containsKey(name) ? " is blank" : " is not set");
  }

  /**
   * Returns the address that all calls for the namespace start with, without a slash at its end.
   */
  public String namespaceUrl() {
    return baseUrl + "/accounts/" + accountId + "/storage/kv/namespaces/" + namespaceId;
  }

  private static String id(
      Map<String, String> env, String name, String right, List<String> problems) {
    var value = EnvVariables.get(env, name, "");
    if (value.isEmpty()) {
      problems.add(absence(env, name) + ": expected " + right);
    } else if (!ID.matcher(value).matches()) {
      problems.add(name + " has other characters than letters, digits, - and _: expected " + right);
    }
    return value;
  }

  private static URI baseUrl(Map<String, String> env, List<String> problems) {
    if (!EnvVariables.isSet(env, BASE_URL)) {
      return DEFAULT_BASE_URL;
    }
    try {
      var url = new URI(EnvVariables.get(env, BASE_URL, ""));
      if (isBaseUrl(url)) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      // reported below: the exception's own text quotes the value
    }
    problems.add(BASE_URL + " is not usable: " + BASE_URL_RULE);
    return DEFAULT_BASE_URL;
  }

  private static Optional<NetworkOptions> network(Map<String, String> env, List<String> problems) {
    try {
      return Optional.of(NetworkOptions.fromEnv(env));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static boolean isBaseUrl(URI url) {
    return ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
        && url.getHost() != null
        && url.getPort() <= 65_535
        && url.getPort() != 0
        && url.getRawUserInfo() == null
        && url.getRawQuery() == null
        && url.getRawFragment() == null;
  }
}
