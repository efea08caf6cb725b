package dev.satchel.publisher.cli;

import java.io.IOException;

/** Finds out what the process's standard error is connected to. */
public final class StandardError {
  private StandardError() {}

  /**
   * Returns whether a person watches it. Java cannot tell, so this asks a POSIX shell, which takes
   * a few ms.
   */
  public static boolean isTerminal() {
    try {
      return new ProcessBuilder("/bin/sh", "-c", "test -t 2")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no shell, as on Windows: log lines are fine everywhere
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
