package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.decision.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code satchel run} whose log is read. Confined to one thread. */
final class RunningPublisher implements AutoCloseable {
  private static final Pattern PUBLISHED =
      Pattern.compile("PublishLoop: published .* in ([0-9.]+) s \\((.+)\\)$");
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final BufferedReader log;

  /** Starts the process, and waits until it has published for the first time. */
  RunningPublisher(List<String> command, Map<String, String> variables) throws IOException {
    process =
        Programs.builder(command, variables)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    log =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    published();
  }

  /** Waits for the next publication, and returns its seconds and those of each stage. */
  JsonNode published() throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      Matcher published = PUBLISHED.matcher(line);
      if (published.find()) {
        return publication(published);
      }
      read.append(line).append('\n');
    }
    throw new IOException("expected a publication but the publisher ended: " + read);
  }

  private static ObjectNode publication(Matcher published) {
    ObjectNode found =
        JsonNodeFactory.instance
            .objectNode()
            .put("seconds", Double.parseDouble(published.group(1)));
    ObjectNode stages = found.putObject("stages");
    for (String stage : published.group(2).split(", ", -1)) {
      int space = stage.lastIndexOf(' ');
      stages.put(stage.substring(0, space), Double.parseDouble(stage.substring(space + 1)));
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Programs.awaitEnd(process, PATIENCE_SECONDS);
    log.close();
  }
}
