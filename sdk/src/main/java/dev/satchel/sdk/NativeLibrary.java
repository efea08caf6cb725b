package dev.satchel.sdk;

import dev.satchel.snapshot.Snapshot;

/** The native library of zstd, which is unpacked into a folder of temporary files and loaded. */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads it, unless that has been done.
   *
   * @throws IllegalStateException that names the way out, if it cannot be loaded
   */
  static void load() {
    try {
      Snapshot.loadNativeLibrary();
    } catch (LinkageError e) {
      throw new IllegalStateException(advice(reason(e)), e);
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String words = String.valueOf(cause.getMessage());
    return words.lines().findFirst().orElse(words);
  }

  static String advice(String reason) {
    return ("cannot load the native library of zstd: %s; expected a folder for temporary files from"
            + " which libraries may be loaded, found %s: name another with -DZstdTempFolder=DIR or"
            + " -Djava.io.tmpdir=DIR")
        .formatted(
            reason, System.getProperty("ZstdTempFolder", System.getProperty("java.io.tmpdir")));
  }
}
