package dev.satchel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.cli.Invocation;
import dev.satchel.publisher.cli.SatchelCommand;
import dev.satchel.publisher.cli.StandardError;
import dev.satchel.publisher.text.Failures;
import dev.satchel.publisher.text.ProcessText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The main class: runs the command line in this process, and ends it with the exit status. */
public final class Satchel {
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;

  // within what Kubernetes and systemd wait before they kill
  private static final long STOP_SECONDS = 25;

  private Satchel() {}

  /** Runs a command and exits with its status; SIGTERM and Ctrl-C end it in good order. */
  public static void main(String[] args) {
    Promise<Void> stop = Promise.promise();
    var ended = new CompletableFuture<Integer>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopInGoodOrder(stop, ended), "stop"));
    int status = run(args, stop.future());
    if (ended.complete(status) && !stop.future().isComplete()) {
      System.exit(status);
    }
  }

  private static int run(String[] args, Future<Void> stop) {
    PrintStream err = utf8(FileDescriptor.err);
    ProcessText text = ProcessText.ofThisProcess(System.getenv());
    try {
      return SatchelCommand.run(
          text.arguments(args),
          new Invocation(
              text.environment(System.getenv()),
              utf8(FileDescriptor.out),
              err,
              StandardError.isTerminal(),
              stop));
    } catch (SettingsException e) {
      e.problems().forEach(problem -> err.println("satchel: " + problem));
      return WRONG_SETTINGS;
    } catch (Throwable e) { // threads of Vert.x would keep the process after an uncaught one
      err.println("satchel: " + Failures.inWords(e));
      return FAILED;
    }
  }

  /** Returns a stream that prints UTF-8, whatever the locale of the process. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, UTF_8);
  }

  /**
   * Runs in the hook: without a halt, a JVM ends with 143 after SIGTERM however well all went, and
   * the halt is also what ends a command that does not stop in time.
   */
  private static void stopInGoodOrder(Promise<Void> stop, CompletableFuture<Integer> ended) {
    if (ended.isDone()) {
      return;
    }
    stop.tryComplete();
    int status = FAILED;
    try {
      status = ended.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      System.err.println("satchel: did not stop within " + STOP_SECONDS + " s");
    }
    Runtime.getRuntime().halt(status);
  }
}
