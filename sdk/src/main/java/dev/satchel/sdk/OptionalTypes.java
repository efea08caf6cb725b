package dev.satchel.sdk;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code Optional…}: empty for null and for what a user does not have. */
@SuppressWarnings("serial") // is never serialized
final class OptionalTypes extends StdDeserializer<Object> implements ContextualDeserializer {
  private static final long serialVersionUID = 1L;

  /** What an optional type holds, how it is made, and its empty value. */
  private record Kind(@Nullable Class<?> content, Function<Object, Object> of, Object empty) {}

  private static final Map<Class<?>, Kind> KINDS =
      Map.of(
          Optional.class, new Kind(null, Optional::of, Optional.empty()),
          OptionalInt.class,
              new Kind(int.class, value -> OptionalInt.of((Integer) value), OptionalInt.empty()),
          OptionalLong.class,
              new Kind(long.class, value -> OptionalLong.of((Long) value), OptionalLong.empty()),
          OptionalDouble.class,
              new Kind(
                  double.class,
                  value -> OptionalDouble.of((Double) value),
                  OptionalDouble.empty()));

  private final transient Kind kind;
  private final JavaType content;
  private final @Nullable JsonDeserializer<Object> inner;

  private OptionalTypes(
      JavaType type, Kind kind, JavaType content, @Nullable JsonDeserializer<Object> inner) {
    super(type);
    this.kind = kind;
    this.content = content;
    this.inner = inner;
  }

  static @Nullable JsonDeserializer<?> of(JavaType type, DeserializationConfig config) {
    Kind kind = KINDS.get(type.getRawClass());
    if (kind == null) {
      return null;
    }
    JavaType content =
        kind.content == null ? type.containedTypeOrUnknown(0) : config.constructType(kind.content);
    return new OptionalTypes(type, kind, content, null);
  }

  @Override
  public JsonDeserializer<?> createContextual(
      DeserializationContext context, @Nullable BeanProperty property) throws JsonMappingException {
    JsonDeserializer<Object> found = context.findContextualValueDeserializer(content, property);
    return new OptionalTypes(getValueType(context), kind, content, found);
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    JsonDeserializer<Object> reader = inner;
    Object value =
        reader == null ? context.readValue(parser, content) : reader.deserialize(parser, context);
    return value == null ? kind.empty : kind.of.apply(value);
  }

  @Override
  public Object getNullValue(DeserializationContext context) {
    return kind.empty;
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return kind.empty;
  }
}
