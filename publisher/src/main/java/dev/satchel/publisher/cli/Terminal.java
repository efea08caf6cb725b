package dev.satchel.publisher.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Map;

/** The terminal at which a person reads what a command prints. */
public interface Terminal {
  /** The usual width of a terminal, in characters. */
  int DEFAULT_COLUMNS = 80;

  /** No terminal, as in a service. */
  Terminal NONE =
      new Terminal() {
        @Override
        public boolean showsErrors() {
          return false;
        }

        @Override
        public int columns() {
          return DEFAULT_COLUMNS;
        }
      };

  /** Returns whether a person watches standard error. */
  boolean showsErrors();

  /** Returns how many characters fit into a line. */
  int columns();

  /**
   * Returns the terminal of this process. Java cannot tell about it, so each question asks a POSIX
   * shell, which takes a few ms.
   *
   * @param env whose {@code COLUMNS} wins over what the terminal says
   */
  static Terminal ofThisProcess(Map<String, String> env) {
    return new Terminal() {
      @Override
      public boolean showsErrors() {
        return said("test -t 2 && echo yes").equals("yes");
      }

      @Override
      public int columns() {
        String set = env.getOrDefault("COLUMNS", "");
        // of the session's terminal: what we print may go through a pager
        String found =
            isNumber(set)
                ? set
                : said("{ stty size </dev/tty; } 2>/dev/null").replaceFirst(".* ", "");
        return isNumber(found) ? Integer.parseInt(found) : DEFAULT_COLUMNS;
      }
    };
  }

  private static boolean isNumber(String text) {
    return text.matches("[1-9][0-9]{0,4}");
  }

  private static String said(String script) {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", script)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new String(shell.getInputStream().readAllBytes(), US_ASCII).strip();
    } catch (IOException e) {
      return ""; // no shell, as on Windows
    }
  }
}
