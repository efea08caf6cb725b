package dev.satchel.publisher.source;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection string in either of libpq's forms, {@code postgresql://…} or {@code keyword=value},
 * as libpq's keywords and their values. A problem never shows the string.
 */
final class ConnectionString {
  static final String EXAMPLE = "postgresql://user:password@host:5432/database";

  // the last @ ends the user and password: people forget to encode one in a password
  private static final Pattern URI =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:/?]*)(?::(?<password>[^/?]*))?@)?"
              + "(?<hosts>[^/?@]*)(?:/(?<database>[^?/@]*))?(?:\\?(?<parameters>.*))?");
  private static final Pattern HOST =
      Pattern.compile("(?<host>\\[[^\\[\\]]+]|[^:\\[\\]]*)(?::(?<port>.*))?");

  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*(?<keyword>[A-Za-z_]+)\\s*=\\s*(?:'(?<quoted>(?:[^'\\\\]|\\\\.)*)'|(?<plain>(?:[^\\s'\\\\]|\\\\.)*))(?=\\s|$)",
          Pattern.DOTALL);
  private static final Pattern PAIRS = Pattern.compile("\\s*[A-Za-z_]+\\s*=.*", Pattern.DOTALL);

  private final String variable;
  private final Map<String, String> values = new LinkedHashMap<>();

  private ConnectionString(String variable) {
    this.variable = variable;
  }

  /**
   * Returns the keywords and their values; an unknown keyword is among them.
   *
   * @param variable where the string comes from, for messages
   * @throws IllegalArgumentException if the string is malformed
   */
  static Map<String, String> parse(String variable, String text) {
    var string = new ConnectionString(variable);
    Matcher uri = URI.matcher(text);
    if (uri.matches()) {
      string.readUri(uri);
    } else if (!PAIRS.matcher(text).matches()) {
      throw string.wrong("is not of the form " + EXAMPLE + " (encode special characters as %XX)");
    } else {
      string.readPairs(text);
    }
    return string.values;
  }

  private void readUri(Matcher uri) {
    put("user", decoded(uri.group("user"), "user"));
    put("password", decoded(uri.group("password"), "password"));
    readHosts(Objects.requireNonNull(uri.group("hosts"))); // an empty text at least
    put("dbname", decoded(uri.group("database"), "database"));
    String parameters = uri.group("parameters");
    for (String parameter : (parameters == null ? "" : parameters).split("&", -1)) {
      if (!parameter.isEmpty()) {
        int equals = parameter.indexOf('=');
        String name =
            decoded(equals < 0 ? parameter : parameter.substring(0, equals), "parameters");
        String value = decoded(equals < 0 ? "" : parameter.substring(equals + 1), "parameters");
        if (name.equals("ssl") && value.equals("true")) { // what JDBC writes, and libpq takes
          values.put("sslmode", "require");
        } else {
          values.put(name, value);
        }
      }
    }
  }

  private void readHosts(String text) {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      Matcher shape = HOST.matcher(one);
      if (!shape.matches()) {
        throw wrong("begins its host with [ but does not end it with ]; expected " + EXAMPLE);
      }
      String host = decoded(shape.group("host"), "host");
      hosts.add(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
      ports.add(decoded(shape.group("port"), "port"));
    }
    put("host", String.join(",", hosts));
    if (ports.stream().anyMatch(port -> !port.isEmpty())) {
      put("port", String.join(",", ports));
    }
  }

  private void readPairs(String text) {
    Matcher pair = PAIR.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!pair.region(at, text.length()).lookingAt()) {
        throw wrong(
            "is not of the form keyword=value keyword='other value' (write \\' and \\\\ in values)");
      }
      String quoted = pair.group("quoted");
      String value = quoted == null ? pair.group("plain") : quoted;
      checkNull(value, "parameters");
      values.put(pair.group("keyword"), value.replaceAll("(?s)\\\\(.)", "$1"));
      at = pair.end();
    }
  }

  private void put(String keyword, String value) {
    if (!value.isEmpty()) {
      values.put(keyword, value);
    }
  }

  private String decoded(@Nullable String part, String what) {
    if (part == null) {
      return "";
    }
    String decoded;
    try {
      decoded = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(
          "has a % in its " + what + " that is not followed by two hex digits; write it as %25");
    }
    checkNull(decoded, what);
    return decoded;
  }

  private void checkNull(String text, String what) {
    if (text.indexOf('\0') >= 0) {
      // it ends a text in PostgreSQL's protocol, and what follows would be another parameter
      throw wrong("has a null character in its " + what);
    }
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(variable + " " + what);
  }
}
