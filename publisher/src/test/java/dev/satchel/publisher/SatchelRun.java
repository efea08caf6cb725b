package dev.satchel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.publisher.cli.Invocation;
import dev.satchel.publisher.cli.SatchelCommand;
import dev.satchel.publisher.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Runs the command line in this process, and keeps what the last command printed. */
public final class SatchelRun {
  private final Map<String, String> env;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private SatchelRun(Map<String, String> env) {
    this.env = env;
  }

  public static SatchelRun with(Map<String, String> env) {
    return new SatchelRun(Map.copyOf(env));
  }

  /** The same with one more variable. */
  public SatchelRun and(String variable, String value) {
    var more = new HashMap<>(env);
    more.put(variable, value);
    return with(more);
  }

  public int run(String... args) {
    out.reset();
    err.reset();
    return SatchelCommand.run(
        args,
        new Invocation(
            env,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Terminal.NONE,
            new CompletableFuture<>()));
  }

  public String out() {
    return out.toString(UTF_8);
  }

  public String err() {
    return err.toString(UTF_8);
  }
}
