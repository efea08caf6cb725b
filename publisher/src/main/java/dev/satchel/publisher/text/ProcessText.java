package dev.satchel.publisher.text;

import dev.satchel.kv.SettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The environment and the command line as UTF-8, whatever the locale of the process.
 *
 * <p>Under {@code LC_ALL=C}, which services, cron and slim images often have, the JVM replaces each
 * letter outside ASCII by U+FFFD. A query that loses a letter that way still runs, and publishes
 * other users. So the bytes are read where Linux shows them, and text that cannot be had exactly is
 * refused.
 */
public final class ProcessText {
  private static final String OURS =
      "(SATCHEL|DATABASE|CLOUDFLARE|PG)[A-Z_]*|(HTTPS?|NO)_PROXY|(https?|no)_proxy";

  private final byte @Nullable [] environment;
  private final byte @Nullable [] commandLine;
  private final String locale;

  /**
   * @param environment the bytes of {@code /proc/self/environ}, or null where there is no such file
   * @param commandLine the bytes of {@code /proc/self/cmdline}, or null likewise
   * @param locale in words, for messages
   */
  ProcessText(byte @Nullable [] environment, byte @Nullable [] commandLine, String locale) {
    this.environment = environment;
    this.commandLine = commandLine;
    this.locale = locale;
  }

  /**
   * Returns the text of this process. Reads nothing if there is no doubt.
   *
   * @param env as the JVM has it
   * @param args likewise
   */
  public static ProcessText ofThisProcess(Map<String, String> env, String[] args) {
    if (!isDoubtful(env.values()) && !isDoubtful(List.of(args))) {
      return new ProcessText(null, null, "");
    }
    String variable =
        List.of("LC_ALL", "LC_CTYPE", "LANG").stream()
            .filter(name -> !env.getOrDefault(name, "").isEmpty())
            .findFirst()
            .orElse("");
    String locale = variable.isEmpty() ? "no locale set" : variable + "=" + env.get(variable);
    return new ProcessText(
        bytes("/proc/self/environ"),
        bytes("/proc/self/cmdline"),
        "%s, which the JVM reads as %s"
            .formatted(locale, System.getProperty("sun.jnu.encoding", "an unknown encoding")));
  }

  private static byte @Nullable [] bytes(String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException notLinux) {
      return null;
    }
  }

  /**
   * Returns the variables, with those that Satchel reads exactly as they were set.
   *
   * @throws SettingsException that names the variable and the locale, if one cannot be had exactly
   */
  public Map<String, String> environment(Map<String, String> ofJvm) {
    var exact = new HashMap<>(ofJvm);
    var problems = new ArrayList<String>();
    Map<String, byte[]> raw = environment == null ? Map.of() : variables(environment);
    for (Map.Entry<String, String> variable : ofJvm.entrySet()) {
      String name = variable.getKey();
      if (isDoubtful(variable.getValue()) && name.matches(OURS)) {
        String text = raw.containsKey(name) ? utf8(raw.get(name)) : null;
        if (text == null) {
          problems.add(problem(name));
        } else {
          exact.put(name, text);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return exact;
  }

  /**
   * Returns the arguments exactly as they were given.
   *
   * @throws SettingsException that names the locale, if one cannot be had exactly
   */
  public String[] arguments(String[] ofJvm) {
    if (!isDoubtful(List.of(ofJvm))) {
      return ofJvm;
    }
    // what stands before our own arguments is the JVM's
    List<byte[]> raw = commandLine == null ? List.of() : parts(commandLine);
    var exact = new String[ofJvm.length];
    for (int i = 0; i < ofJvm.length; i++) {
      int at = raw.size() - ofJvm.length + i;
      String text = isDoubtful(ofJvm[i]) ? at < 0 ? null : utf8(raw.get(at)) : ofJvm[i];
      if (text == null) {
        throw new SettingsException(List.of(problem("argument " + (i + 1))));
      }
      exact[i] = text;
    }
    return exact;
  }

  /** Returns whether some encoding may have made the text up. */
  private static boolean isDoubtful(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDoubtful(Collection<String> texts) {
    for (String text : texts) {
      if (isDoubtful(text)) {
        return true;
      }
    }
    return false;
  }

  private String problem(String what) {
    return "%s has characters that cannot be read exactly under this locale (%s): expected UTF-8; set LC_ALL=C.UTF-8"
        .formatted(what, locale);
  }

  private static Map<String, byte[]> variables(byte[] environ) {
    var variables = new HashMap<String, byte[]>();
    for (byte[] part : parts(environ)) {
      int equals = 0;
      while (equals < part.length && part[equals] != '=') {
        equals++;
      }
      if (equals < part.length) {
        variables.putIfAbsent(
            new String(part, 0, equals, StandardCharsets.ISO_8859_1),
            Arrays.copyOfRange(part, equals + 1, part.length));
      }
    }
    return variables;
  }

  /** Returns the parts, each of which ends with a null character. */
  private static List<byte[]> parts(byte[] bytes) {
    var parts = new ArrayList<byte[]>();
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == 0) {
        parts.add(Arrays.copyOfRange(bytes, from, at));
        from = at + 1;
      }
    }
    return parts;
  }

  private static @Nullable String utf8(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }
}
