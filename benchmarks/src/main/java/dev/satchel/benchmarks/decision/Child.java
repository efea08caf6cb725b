package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A process of ours that receives lines and answers each with a line of JSON. It ends when its
 * input ends. Its standard error comes out on ours. Confined to one thread.
 */
public final class Child implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PATIENCE_SECONDS = 30;

  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  /** Starts the process, with these variables in addition to those of this process. */
  public static Child start(List<String> command, Map<String, String> variables)
      throws IOException {
    Process process =
        Programs.builder(command, variables).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new Child(String.join(" ", command.subList(5, command.size())), process);
  }

  /** Returns its next line. */
  public JsonNode answer() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("expected an answer but it ended: " + name);
    }
    return JSON.readTree(line);
  }

  /** Returns its answer to this line. */
  public JsonNode ask(String line) throws IOException {
    in.write(line);
    in.write('\n');
    in.flush();
    return answer();
  }

  /** Returns the process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Tells it to end, and waits until it has ended. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
    } finally {
      Programs.awaitEnd(process, PATIENCE_SECONDS);
      out.close();
    }
  }
}
