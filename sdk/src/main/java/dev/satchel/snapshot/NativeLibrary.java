package dev.satchel.snapshot;

/** Loads zstd's native library, which is unpacked into the folder for temporary files. */
public final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads the library, unless it is loaded. Otherwise opening the first snapshot would.
   *
   * @throws IllegalStateException if it cannot be loaded; the message says what to do
   */
  public static void load() {
    try {
      Frames.loadNativeLibrary();
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
