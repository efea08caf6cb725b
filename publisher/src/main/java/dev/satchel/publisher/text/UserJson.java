package dev.satchel.publisher.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of one user as a JSON object, in the order of the query, without the fields
 * that the user does not have. Equal users give equal bytes. Safe for any thread.
 */
public final class UserJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .build();

  private final List<Field> fields;

  public UserJson(Snapshot snapshot) {
    fields =
        snapshot.fieldNames().stream()
            .map(name -> Objects.requireNonNull(snapshot.field(name), name))
            .toList();
  }

  /** Returns one value as JSON, as it stands in a user's object. */
  public static byte[] bytesOf(@Nullable Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory cannot fail", e);
    }
  }

  /** Returns UTF-8, without a line break. */
  public byte[] bytes(int user) {
    var bytes = new ByteArrayOutputStream(128);
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      for (Field field : fields) {
        Object value = field.value(user);
        if (value != Snapshot.ABSENT) {
          json.writeFieldName(field.name());
          json.writePOJO(value);
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
