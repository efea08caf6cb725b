package dev.satchel.publisher.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of passwords, a line {@code host:port:database:user:password} each, as libpq reads it: the
 * first line that fits counts, {@code *} fits everything, and a backslash escapes.
 *
 * <p>See postgresql.org/docs/current/libpq-pgpass.html.
 */
final class PasswordFile {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordFile.class);
  private static final int FIELDS = 5;

  private final List<List<String>> entries = new ArrayList<>();

  private PasswordFile() {}

  /** Reads the file. One that others may read is left out with a warning, as libpq does. */
  static PasswordFile read(@Nullable Path file) {
    var passwords = new PasswordFile();
    if (file == null || !Files.isRegularFile(file)) {
      return passwords;
    }
    try {
      if (isOpenToOthers(file)) {
        LOG.warn(
            "password file {} is not used, because others have access to it; chmod 0600 it", file);
        return passwords;
      }
      for (String line : Files.readAllLines(file)) {
        List<String> fields = fields(line);
        if (!line.startsWith("#") && fields.size() == FIELDS) {
          passwords.entries.add(fields);
        }
      }
    } catch (IOException e) {
      LOG.warn("password file {} is not used, because it cannot be read: {}", file, e.toString());
    }
    return passwords;
  }

  /** Returns whether more than the owner may use the file. */
  static boolean isOpenToOthers(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).stream()
        .map(PosixFilePermission::name)
        .anyMatch(name -> name.startsWith("GROUP") || name.startsWith("OTHERS"));
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    var field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        i++;
        field.append(c).append(line.charAt(i)); // unescaped below, so that \* is no wildcard
      } else if (c == ':' && fields.size() < FIELDS - 1) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  /** Returns the password for a login, or "" if there is none. */
  String password(DatabaseHost host, String database, String user) {
    for (List<String> entry : entries) {
      boolean isHost =
          fits(entry.get(0), host.name()) || (host.isSocket() && fits(entry.get(0), "localhost"));
      if (isHost
          && fits(entry.get(1), Integer.toString(host.port()))
          && fits(entry.get(2), database)
          && fits(entry.get(3), user)) {
        return unescaped(entry.get(4));
      }
    }
    return "";
  }

  private static boolean fits(String field, String value) {
    return field.equals("*") || unescaped(field).equals(value);
  }

  private static String unescaped(String field) {
    return field.replaceAll("\\\\(.)", "$1");
  }
}
