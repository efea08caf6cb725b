package dev.satchel.sdk;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.ValueInstantiators;
import com.fasterxml.jackson.databind.deser.std.StdValueInstantiator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules by which a {@link Binder} binds, and its errors in words. */
final class BindingRules {
  /** Our rules, for applications that bring no mapper. */
  private static final class Ours {
    static final JsonMapper MAPPER =
        JsonMapper.builder()
            // a column added to the query must not break running applications
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            // each of these would bind something else than the user has, without a word
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfigDefaults(
                config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .annotationIntrospector(new ParameterNames())
            .addModule(module())
            .build();
  }

  private BindingRules() {}

  private static SimpleModule module() {
    var module =
        new SimpleModule("satchel") {
          private static final long serialVersionUID = 1L;

          @Override
          public void setupModule(SetupContext context) {
            super.setupModule(context);
            context.addValueInstantiators(new Makers());
          }
        };
    module.setDeserializers(new Types());
    module.setDeserializerModifier(
        new BeanDeserializerModifier() {
          private static final long serialVersionUID = 1L;

          @Override
          public JsonDeserializer<?> modifyDeserializer(
              DeserializationConfig config, BeanDescription about, JsonDeserializer<?> usual) {
            return usual instanceof BeanDeserializerBase ? MemberNames.of(usual, about) : usual;
          }
        });
    return module;
  }

  /** Finds out how to make objects of classes that say it by their only constructor. */
  private static final class Makers extends ValueInstantiators.Base {
    @Override
    public ValueInstantiator findValueInstantiator(
        DeserializationConfig config, BeanDescription about, ValueInstantiator usual) {
      return usual instanceof StdValueInstantiator known
          ? Constructing.of(about.getBeanClass())
              .<ValueInstantiator>map(how -> new ConstructingInstantiator(known, how))
              .orElse(usual)
          : usual;
    }
  }

  /** The types that Jackson does not know by itself. */
  private static final class Types extends SimpleDeserializers {
    private static final long serialVersionUID = 1L;

    Types() {
      TextTypes.addTo(this);
    }

    @Override
    public @Nullable JsonDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription about)
        throws JsonMappingException {
      JsonDeserializer<?> known = super.findBeanDeserializer(type, config, about);
      return known == null ? OptionalTypes.of(type, config) : known;
    }
  }

  /** Binds as {@link Binder#bind} does. */
  static <T> T bind(@Nullable ObjectMapper own, ObjectNode config, Class<T> type, Unbound told) {
    ObjectMapper mapper = own == null ? Ours.MAPPER : own;
    try (JsonParser all =
        own == null ? new ConfigParser(config, mapper) : mapper.treeAsTokens(config)) {
      T bound = mapper.readerFor(type).withAttribute(Unbound.class, told).readValue(all);
      if (bound == null) {
        throw new IllegalArgumentException(
            "expected an object of %s but found null".formatted(type.getTypeName()));
      }
      return bound;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(inWords(e, config, type), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String inWords(JsonProcessingException failure, ObjectNode config, Class<?> type) {
    String reason = failure.getOriginalMessage().lines().findFirst().orElse("");
    List<JsonMappingException.Reference> path =
        failure instanceof JsonMappingException told ? told.getPath() : List.of();
    if (path.isEmpty() || path.get(0).getFieldName() == null) {
      return "cannot be bound to %s: %s".formatted(type.getTypeName(), reason);
    }
    return "field %s cannot be bound to component %s of %s: %s"
        .formatted(
            fieldOf(path.get(0).getFieldName(), config),
            component(path),
            type.getTypeName(),
            reason);
  }

  private static String fieldOf(String component, ObjectNode config) {
    String snake = PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component);
    return config.has(component) || !config.has(snake) ? component : snake;
  }

  private static String component(List<JsonMappingException.Reference> path) {
    var written = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      if (step.getFieldName() == null) {
        written.append('[').append(step.getIndex()).append(']');
      } else {
        written.append(written.length() == 0 ? "" : ".").append(step.getFieldName());
      }
    }
    return written.toString();
  }
}
