package dev.satchel.publisher.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The account that PostgreSQL runs as. It refuses root, so root has to give it another one.
 *
 * @param prefix the words before a command that run it as that account
 * @param ownerId the account's number if files must be given to it, else -1
 */
record Account(List<String> prefix, int ownerId) {
  // "nobody" on every Linux; the number needs no entry in /etc/passwd
  private static final int NOBODY = 65_534;

  static Account forPostgres(Path ownFolder) throws IOException {
    if ((Integer) Files.getAttribute(ownFolder, "unix:uid") != 0) {
      return new Account(List.of(), -1);
    }
    List<Account> candidates =
        List.of(
            new Account(
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"),
                NOBODY),
            // for when root cannot become another user; files stay its own in there
            new Account(List.of("unshare", "-U"), -1));
    for (Account candidate : candidates) {
      if (candidate.works()) {
        return candidate;
      }
    }
    throw new IOException(
        "expected to run PostgreSQL as another user than root but neither setpriv nor unshare -U"
            + " works here; run as an ordinary user");
  }

  List<String> command(List<String> command) {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(command);
    return words;
  }

  void own(Path path) throws IOException {
    if (ownerId >= 0) {
      Files.setAttribute(path, "unix:uid", ownerId);
    }
  }

  private boolean works() throws IOException {
    try {
      Process process =
          new ProcessBuilder(command(List.of("true")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
