package dev.satchel.spring;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One property and the SDK's environment variable of the same meaning.
 *
 * @param property as an application writes it
 * @param variable as the SDK knows it
 * @param value what is set, or null
 */
record Setting(String property, String variable, Value value) {

  /** Where the properties have it. */
  interface Value {
    @Nullable String of(SatchelProperties properties);
  }

  /** All of them, in the order of the documentation. */
  static final List<Setting> ALL =
      List.of(
          satchel("source", SatchelProperties::source),
          satchel("key", SatchelProperties::key),
          satchel("poll-interval", SatchelProperties::pollInterval),
          satchel("source-token", SatchelProperties::sourceToken),
          satchel("source-token-file", SatchelProperties::sourceTokenFile),
          satchel("longest-wait", SatchelProperties::longestWait),
          satchel("call-timeout", SatchelProperties::callTimeout),
          satchel("start-timeout", SatchelProperties::startTimeout),
          satchel("when-nothing", SatchelProperties::whenNothing),
          satchel("copy-dir", SatchelProperties::copyDir),
          satchel("bundled", SatchelProperties::bundled),
          satchel("stale-after", SatchelProperties::staleAfter),
          satchel("expire-after", SatchelProperties::expireAfter),
          satchel("when-expired", SatchelProperties::whenExpired),
          satchel("pinned-revision", SatchelProperties::pinnedRevision),
          satchel("request-budget", SatchelProperties::requestBudget),
          satchel("public-keys", p -> joined(p.publicKeys())),
          satchel("expected-fields", p -> joined(p.expectedFields())),
          satchel("proxy", SatchelProperties::proxy),
          satchel("plain-http", p -> joined(p.plainHttp())),
          cloudflare("account-id", p -> p.cloudflare().accountId()),
          new Setting(
              "satchel.cloudflare.namespace-id",
              "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID",
              p -> p.cloudflare().namespaceId()),
          cloudflare("api-token", p -> p.cloudflare().apiToken()),
          cloudflare("api-token-file", p -> p.cloudflare().apiTokenFile()),
          cloudflare("email", p -> p.cloudflare().email()),
          cloudflare("api-key", p -> p.cloudflare().apiKey()),
          cloudflare("api-key-file", p -> p.cloudflare().apiKeyFile()),
          cloudflare("api-base-url", p -> p.cloudflare().apiBaseUrl()));

  private static final Map<String, Setting> BY_VARIABLE =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::variable, s -> s));
  private static final Pattern VARIABLE =
      Pattern.compile("\\b(?:SATCHEL|CLOUDFLARE)_[A-Z_]*[A-Z]\\b");

  private static Setting satchel(String name, Value value) {
    return new Setting("satchel." + name, "SATCHEL_" + asVariable(name), value);
  }

  private static Setting cloudflare(String name, Value value) {
    return new Setting("satchel.cloudflare." + name, "CLOUDFLARE_" + asVariable(name), value);
  }

  private static String asVariable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** What the SDK is to read: the environment, and over it the properties that are set. */
  static Map<String, String> variables(
      Map<String, String> environment, SatchelProperties properties) {
    var variables = new HashMap<>(environment);
    for (Setting setting : ALL) {
      String value = setting.value.of(properties);
      if (value != null && !value.isBlank()) {
        variables.put(setting.variable, value);
      }
    }
    return variables;
  }

  /** What the SDK says of variables, said of properties. */
  static String inProperties(String message) {
    return VARIABLE
        .matcher(message)
        .replaceAll(found -> Matcher.quoteReplacement(inProperty(found.group())));
  }

  private static String inProperty(String variable) {
    Setting setting = BY_VARIABLE.get(variable);
    return setting == null ? variable : setting.property + " (" + variable + ")";
  }

  private static @Nullable String joined(@Nullable List<String> words) {
    return words == null ? null : String.join(",", words);
  }
}
