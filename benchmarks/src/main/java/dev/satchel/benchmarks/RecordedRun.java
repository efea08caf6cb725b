package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a run under {@code benchmarks/results}: NAME.json, NAME.txt and pictures. */
public record RecordedRun(String name) {
  private static final Path RESULTS = Path.of("benchmarks", "results");

  /** Returns the file with this ending, or the prefix of picture names if the ending is empty. */
  public Path file(String ending) {
    return RESULTS.resolve(name + ending);
  }

  /** Returns the recorded report. */
  public ObjectNode read() throws IOException {
    return (ObjectNode) new JsonMapper().readTree(file(".json").toFile());
  }

  /** Records the report as JSON, for programs. */
  public void write(JsonNode report) throws IOException {
    Files.createDirectories(RESULTS);
    JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValue(file(".json").toFile(), report);
  }

  /** Records and prints the report as text, for people. */
  public void write(String text) throws IOException {
    Files.writeString(file(".txt"), text);
    System.out.println(text);
  }
}
