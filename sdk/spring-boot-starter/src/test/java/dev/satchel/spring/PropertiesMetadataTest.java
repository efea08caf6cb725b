package dev.satchel.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an IDE completes is what the starter reads. */
final class PropertiesMetadataTest {

  @Test
  void everyPropertyIsDescribedForAnIdeAndNoOther() throws IOException {
    var names = new ArrayList<String>();
    try (InputStream in =
        requireNonNull(
            SatchelProperties.class.getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json"))) {
      for (JsonNode property : new ObjectMapper().readTree(in).get("properties")) {
        String name = property.get("name").asText();
        names.add(name);
        assertThat(property.path("description").asText()).as(name).endsWith(".");
        assertThat(property.path("type").asText()).as(name).startsWith("java.");
      }
    }
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("satchel.enabled"), Setting.ALL.stream().map(Setting::property))
                .toList());
  }
}
