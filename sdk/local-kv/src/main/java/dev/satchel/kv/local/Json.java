package dev.satchel.kv.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The envelope and the reading of JSON as a stream. */
final class Json {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // no longer than the request; values are measured when decoded
                  .maxStringLength(Limits.REQUEST_BYTES)
                  .maxNestingDepth(1_000)
                  .build())
          .build();

  private Json() {}

  /** Writes one JSON value, or members into an object that is open. */
  @FunctionalInterface
  interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  static JsonParser parser(InputStream in) throws IOException {
    return FACTORY.createParser(in);
  }

  /** Returns an envelope of a request that succeeded. */
  static byte[] envelope(Writer result) {
    return envelope(result, null);
  }

  /** Returns an envelope of a request that succeeded, with the members of {@code result_info}. */
  static byte[] envelope(Writer result, @Nullable Writer resultInfo) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeFieldName("result");
          result.write(json);
          json.writeBooleanField("success", true);
          json.writeArrayFieldStart("errors");
          json.writeEndArray();
          json.writeArrayFieldStart("messages");
          json.writeEndArray();
          if (resultInfo != null) {
            json.writeObjectFieldStart("result_info");
            resultInfo.write(json);
            json.writeEndObject();
          }
          json.writeEndObject();
        });
  }

  /** Returns an envelope of a request that was refused. */
  static byte[] refusal(Refusal refusal) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeNullField("result");
          json.writeBooleanField("success", false);
          json.writeArrayFieldStart("errors");
          json.writeStartObject();
          json.writeNumberField("code", refusal.code());
          json.writeStringField("message", refusal.text());
          Refusal.Reason reason = refusal.reason();
          if (reason != null) {
            json.writeArrayFieldStart("error_chain");
            json.writeStartObject();
            json.writeNumberField("code", reason.code());
            json.writeStringField("message", reason.message());
            json.writeEndObject();
            json.writeEndArray();
          }
          json.writeEndObject();
          json.writeEndArray();
          json.writeArrayFieldStart("messages");
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Returns the value that {@code text} is, in its shortest form. */
  static byte[] compact(byte[] text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new com.fasterxml.jackson.core.JsonParseException(parser, "expected a JSON value");
      }
      byte[] compact = compact(parser);
      if (parser.nextToken() != null) {
        throw new com.fasterxml.jackson.core.JsonParseException(
            parser, "expected the end after one JSON value");
      }
      return compact;
    }
  }

  /**
   * Returns the value that {@code parser} is at, in its shortest form; the parser is then at its
   * end.
   */
  static byte[] compact(JsonParser parser) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      int depth = 0;
      while (true) {
        // exact: a number keeps all its digits
        json.copyCurrentEventExact(parser);
        depth += parser.currentToken().isStructStart() ? 1 : 0;
        depth -= parser.currentToken().isStructEnd() ? 1 : 0;
        if (depth == 0) {
          break;
        }
        parser.nextToken();
      }
    }
    return bytes.toByteArray();
  }

  static void writeRawOrNull(JsonGenerator json, byte @Nullable [] value) throws IOException {
    json.writeRawValue(value == null ? "null" : new String(value, StandardCharsets.UTF_8));
  }

  static void expect(@Nullable JsonToken found, JsonToken expected, String what) {
    if (found != expected) {
      throw Refusal.badRequest("expected " + what + " to be " + expected + " but found " + found);
    }
  }

  static boolean flag(JsonParser parser, String what) throws IOException {
    if (!parser.currentToken().isBoolean()) {
      throw Refusal.badRequest(
          "expected " + what + " to be true or false but found " + parser.currentToken());
    }
    return parser.getBooleanValue();
  }

  static long number(JsonParser parser, String what) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw Refusal.badRequest(
          "expected " + what + " to be a whole number but found " + parser.currentToken());
    }
    return parser.getLongValue();
  }

  /**
   * Returns the text of the string that {@code parser} is at; {@code what} names it in the refusal.
   */
  static String text(JsonParser parser, String what) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw Refusal.badRequest(
          "expected " + what + " to be a string but found " + parser.currentToken());
    }
    return parser.getText();
  }

  private static byte[] write(Writer writer) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      writer.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
