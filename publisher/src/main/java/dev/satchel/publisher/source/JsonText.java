package dev.satchel.publisher.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON into plain values with every number exact: a Long if it is written as an integer and
 * fits, a Double if that prints the same number and scale, otherwise a BigDecimal.
 */
final class JsonText {
  // PostgreSQL's numeric has up to 131,072 digits before and 16,383 after the point
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // names whose hashes collide are read without the parser's table instead of refused
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(200_000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  /**
   * Returns the value that {@code text} represents.
   *
   * @throws IOException if it is nested too deeply, or has a number that no BigDecimal can be; the
   *     message may quote the text
   */
  static @Nullable Object read(String text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      return value(parser, parser.nextToken());
    }
  }

  private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> fraction(parser);
      default -> null;
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      members.put(name, value(parser, parser.nextToken()));
    }
    return members;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      elements.add(value(parser, t));
    }
    return elements;
  }

  private static Object integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default -> parser.getDecimalValue();
    };
  }

  private static Object fraction(JsonParser parser) throws IOException {
    BigDecimal exact;
    try {
      exact = parser.getDecimalValue();
    } catch (NumberFormatException e) { // its exponent is out of range
      throw new IOException(e);
    }
    double rounded = exact.doubleValue();
    if (!Double.isFinite(rounded)) {
      return exact;
    }
    BigDecimal written = new BigDecimal(Double.toString(rounded));
    boolean same = written.compareTo(exact) == 0 && written.scale() == exact.scale();
    return same ? (Object) rounded : exact;
  }
}
