package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The recorded runs of a folder, by name: {@code format} is {@code format.json}. */
final class Results {
  private final Path folder;
  private final Map<String, JsonNode> read = new HashMap<>();

  Results(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns a whole recorded run.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  JsonNode of(String name) {
    JsonNode known = read.get(name);
    if (known == null) {
      Path file = folder.resolve(name + ".json");
      if (!Files.exists(file)) {
        throw new IllegalArgumentException("expected a recorded run in " + file);
      }
      try {
        known = new JsonMapper().readTree(file.toFile());
      } catch (IOException e) {
        throw new IllegalArgumentException("expected JSON in " + file, e);
      }
      read.put(name, known);
    }
    return known;
  }
}
