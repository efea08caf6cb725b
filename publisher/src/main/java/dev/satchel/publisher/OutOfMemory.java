package dev.satchel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.publisher.text.FailureText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when a thread runs out of memory and nobody is left to say so. Mostly the error
 * reaches the command, which ends in good order. But the thread that is to hand it over, one of
 * Vert.x's, may find no memory for that either. Then the command would wait forever.
 *
 * <p>It needs no memory itself, and so it does not run the hooks of the process, which may need
 * some. Nothing depends on them, as a process may be killed at any moment.
 */
final class OutOfMemory implements Thread.UncaughtExceptionHandler {
  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
  private final byte[] withoutReason = line(new OutOfMemoryError("Java heap space"));
  private final Runnable end;

  /**
   * Makes a handler for all threads of the process.
   *
   * @param end ends the process; must not need memory
   */
  OutOfMemory(Runnable end) {
    this.end = end;
  }

  /** Is called by one thread at a time; the others wait for the end. */
  @Override
  public synchronized void uncaughtException(Thread thread, Throwable e) {
    try {
      if (!(e instanceof OutOfMemoryError)) {
        LoggerFactory.getLogger(OutOfMemory.class).error("thread {} ended", thread.getName(), e);
        return;
      }
      endWith(line(e));
    } catch (OutOfMemoryError again) {
      endWith(withoutReason);
    }
  }

  private static byte[] line(Throwable e) {
    return ("satchel: " + FailureText.inWords(e) + "\n").getBytes(UTF_8);
  }

  private void endWith(byte[] line) {
    try {
      err.write(line);
    } catch (IOException e) {
      // nobody reads it
    } finally {
      end.run();
    }
  }
}
