package dev.satchel.sdk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;
import org.jspecify.annotations.Nullable;

/**
 * Runs a piece of code again and again, each time with its threads interleaved in another way:
 * Lincheck decides at every access to shared memory which thread goes on. The order is always the
 * same, so what fails fails again, and the failure shows the interleaving. How many are tried is
 * {@code -Dsatchel.interleavings}.
 */
final class Interleavings {
  private static final int MOST = Integer.getInteger("satchel.interleavings", 400);

  private static final LincheckSettings OWN_ONLY =
      new LincheckSettings(
          false,
          LincheckSettings.Companion.getDEFAULT().getLoopIterationsBeforeThreadSwitch(),
          LincheckSettings.Companion.getDEFAULT().getLoopBound(),
          LincheckSettings.Companion.getDEFAULT().getRecursionBound());

  private Interleavings() {}

  /** The code starts threads and waits for them; it fails if something is not as it should be. */
  static void explore(Runnable code) {
    Lincheck.runConcurrentTest(MOST, code);
  }

  /**
   * As {@link #explore}, for code that shares nothing but its own fields: the classes of the JDK
   * are not gone into, so that streams do not take all the interleavings there are.
   */
  static void exploreOwn(Runnable code) {
    Lincheck.runConcurrentTestInternal$lincheck(MOST, OWN_ONLY, code);
  }

  /** Starts a thread. */
  static Thread start(Runnable code) {
    Thread thread = new Thread(code);
    thread.start();
    return thread;
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Fails unless it is so; plain, since every step of an assertion library would be explored. */
  static void check(boolean isSo, String inWords) {
    if (!isSo) {
      throw new AssertionError(inWords);
    }
  }

  /** One thread that does one task after the other, without the steps of a pool. */
  static final class OneThread extends AbstractExecutorService {
    // guarded by this
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean isShut;

    private final Thread thread = new Thread(this::work);

    /** Starts it. */
    static OneThread begin() {
      var begun = new OneThread();
      begun.thread.start();
      return begun;
    }

    private void work() {
      for (Runnable task = next(); task != null; task = next()) {
        task.run();
      }
    }

    private synchronized @Nullable Runnable next() {
      try {
        while (tasks.isEmpty() && !isShut) {
          wait();
        }
        return tasks.poll();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Drops what comes after the end, as the client's own thread does. */
    @Override
    public synchronized void execute(Runnable task) {
      if (!isShut) {
        tasks.add(task);
        notifyAll();
      }
    }

    @Override
    public synchronized void shutdown() {
      isShut = true;
      notifyAll();
    }

    /** Waits until all tasks that were there before are done. */
    synchronized void rest() {
      boolean[] isReached = {false};
      execute(
          () -> {
            synchronized (this) {
              isReached[0] = true;
              notifyAll();
            }
          });
      try {
        while (!isReached[0]) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Ends when all tasks are done, and waits for that. */
    void end() {
      shutdown();
      join(thread);
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException("nobody asks for it");
    }

    @Override
    public synchronized boolean isShutdown() {
      return isShut;
    }

    @Override
    public boolean isTerminated() {
      return !thread.isAlive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      thread.join(unit.toMillis(timeout));
      return isTerminated();
    }
  }
}
