package dev.satchel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.cli.Invocation;
import dev.satchel.publisher.cli.SatchelCommand;
import dev.satchel.publisher.cli.Terminal;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.ProcessText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The main class: runs the command line in this process, and ends it with the exit status. */
public final class Satchel {
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;

  private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

  // within what Kubernetes and systemd wait before they kill
  private static final long STOP_SECONDS = 25;

  private Satchel() {}

  /** Runs a command and exits with its status; SIGTERM and Ctrl-C end it cleanly. */
  public static void main(String[] args) {
    // neither messages nor pages follow the machine's language
    Locale.setDefault(Locale.ROOT);
    // no option takes a date, and to load what would read one takes a tenth of the start
    System.setProperty("picocli.converters.excludes", "java\\.(sql|time)\\..*");
    // Netty's events for Java's flight recorder start the recorder, which few need
    System.setProperty(NETTY_EVENTS, System.getProperty(NETTY_EVENTS, "false"));
    Thread.setDefaultUncaughtExceptionHandler(
        new OutOfMemory(() -> Runtime.getRuntime().halt(FAILED)));
    var stop = new CompletableFuture<Void>();
    var ended = new CompletableFuture<Integer>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopInGoodOrder(stop, ended), "stop"));
    int status = run(args, stop);
    if (ended.complete(status) && !stop.isDone()) {
      System.exit(status);
    }
  }

  private static int run(String[] args, CompletableFuture<Void> stop) {
    PrintStream err = utf8(FileDescriptor.err);
    ProcessText text = ProcessText.ofThisProcess(System.getenv(), args);
    try {
      return SatchelCommand.run(
          text.arguments(args),
          new Invocation(
              text.environment(System.getenv()),
              utf8(FileDescriptor.out),
              err,
              Terminal.ofThisProcess(System.getenv()),
              stop));
    } catch (SettingsException e) {
      e.problems().forEach(problem -> err.println("satchel: " + problem));
      return WRONG_SETTINGS;
    } catch (Throwable e) { // threads of Vert.x would keep the process after an uncaught one
      err.println("satchel: " + FailureText.inWords(e));
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
  private static void stopInGoodOrder(
      CompletableFuture<Void> stop, CompletableFuture<Integer> ended) {
    if (ended.isDone()) {
      return;
    }
    stop.complete(null);
    int status = FAILED;
    try {
      status = ended.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      System.err.println("satchel: did not stop within " + STOP_SECONDS + " s");
    }
    Runtime.getRuntime().halt(status);
  }
}
