package dev.satchel.snapshot;

import com.github.luben.zstd.Zstd;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.CRC32C;

/** Loads zstd's native library, which is unpacked into the folder for temporary files. */
public final class NativeLibrary {
  private static boolean isStarted;

  private NativeLibrary() {}

  /**
   * Starts to load the library, and the classes that opening a snapshot needs after it, on another
   * thread, unless that was started before. In a new JVM they take as long as the rest of an
   * opening, so call this before a request for the first value. Returns at once and never throws:
   * what cannot be loaded is reported where it is needed.
   */
  public static synchronized void loadAhead() {
    if (!isStarted) {
      isStarted = true;
      try {
        new Ahead().start();
      } catch (OutOfMemoryError noThreadLeft) {
        return; // then all this is loaded where it is needed
      }
    }
  }

  /** A thread of a class of its own, since a lambda would have to be made first. */
  private static final class Ahead extends Thread {
    Ahead() {
      super("satchel-load-ahead");
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        MethodHandles.Lookup classes = MethodHandles.lookup();
        classes.ensureInitialized(ColumnReader.class);
        classes.ensureInitialized(LazyField.class);
        classes.ensureInitialized(PlainValue.class);
        classes.ensureInitialized(IdReader.class);
        classes.ensureInitialized(Blocks.class);
        classes.ensureInitialized(NearUsers.class);
        classes.ensureInitialized(RandomUuids.class);
        classes.ensureInitialized(CRC32C.class);
        classes.ensureInitialized(ForkJoinPool.class);
        // last, as its file gets a random name, for which it waits if a digest is being prepared
        Frames.loadNativeLibrary();
        classes.ensureInitialized(Zstd.class);
      } catch (LinkageError | IllegalAccessException e) {
        return; // the thread that needs it finds the same, and can tell somebody
      }
    }
  }

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
