package dev.satchel.sdk;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TreeTraversingParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives each component of a type the member that has its name, or else the one with that name in
 * snake case, and says what has no member. Members that no component asks for are left out.
 */
@SuppressWarnings("serial") // is never serialized
final class MemberNames extends DelegatingDeserializer {
  private static final long serialVersionUID = 1L;

  /**
   * What a type asks for.
   *
   * @param snake its name in snake case, or null if the application gave the exact name
   * @param aliases further exact names
   * @param isRequired whether an object cannot be made without it, since it is primitive
   * @param mayLack whether the application says that users may lack it
   */
  private record Component(
      String name,
      @Nullable String snake,
      List<String> aliases,
      JavaType type,
      boolean isRequired,
      boolean mayLack) {

    /** Returns the names under which it may be found, in words. */
    String spelled() {
      return snake == null || snake.equals(name) ? name : name + " or " + snake;
    }

    static Component of(BeanPropertyDefinition property, @Nullable Constructing how) {
      AnnotatedMember member = property.getPrimaryMember();
      boolean isKotlin = how != null && how.isKotlin();
      boolean isPrimitive = property.getPrimaryType().isPrimitive();
      return new Component(
          property.getName(),
          property.isExplicitlyNamed()
              ? null
              : PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(property.getName()),
          property.findAliases().stream().map(PropertyName::getSimpleName).toList(),
          property.getPrimaryType(),
          isPrimitive
              && property.hasConstructorParameter()
              && (how == null || how.withDefaults() == null),
          // a class of Kotlin's refuses null where its source does
          (isKotlin && property.hasConstructorParameter())
              || Missing.isAllowed(property.getPrimaryType().getRawClass())
              || (member != null && Missing.mayLack(member)));
    }
  }

  private static final Set<Class<?>> WHOLE =
      Set.of(
          byte.class,
          Byte.class,
          short.class,
          Short.class,
          int.class,
          Integer.class,
          long.class,
          Long.class,
          BigInteger.class);

  private final transient List<Component> components;
  private final transient @Nullable Constructing how;

  private MemberNames(
      JsonDeserializer<?> usual, List<Component> components, @Nullable Constructing how) {
    super(usual);
    this.components = components;
    this.how = how;
  }

  static MemberNames of(JsonDeserializer<?> usual, BeanDescription about) {
    Constructing how = Constructing.of(about.getBeanClass()).orElse(null);
    List<Component> components = new ArrayList<>();
    for (BeanPropertyDefinition property : about.findProperties()) {
      if (property.couldDeserialize()) {
        components.add(Component.of(property, how));
      }
    }
    return new MemberNames(usual, List.copyOf(components), how);
  }

  @Override
  protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> usual) {
    return new MemberNames(usual, components, how);
  }

  @Override
  public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    boolean isWholeConfig = parser instanceof ConfigParser;
    ObjectNode members;
    if (parser.hasToken(JsonToken.START_OBJECT) || parser.hasToken(JsonToken.FIELD_NAME)) {
      members = context.readValue(parser, ObjectNode.class);
    } else if (parser.hasToken(JsonToken.END_OBJECT)) {
      members = context.getNodeFactory().objectNode(); // all there was is the name of a subtype
    } else {
      return isScalarOf(parser) ? ofScalar(parser, context) : super.deserialize(parser, context);
    }
    return deserialize(named(members, isWholeConfig, context), parser, context);
  }

  /** A class with one parameter may stand for a mere text or number. */
  private boolean isScalarOf(JsonParser parser) {
    return how != null && how.names().size() == 1 && parser.currentToken().isScalarValue();
  }

  private @Nullable Object ofScalar(JsonParser parser, DeserializationContext context)
      throws IOException {
    ObjectNode wrapped = context.getNodeFactory().objectNode();
    wrapped.set(components.get(0).name, context.readTree(parser));
    return deserialize(wrapped, parser, context);
  }

  private @Nullable Object deserialize(
      ObjectNode named, JsonParser parser, DeserializationContext context) throws IOException {
    try (var members = new TreeTraversingParser(named, parser.getCodec())) {
      members.nextToken();
      return super.deserialize(members, context);
    }
  }

  /** Returns the members under the names of the components. */
  private ObjectNode named(
      ObjectNode members, boolean isWholeConfig, DeserializationContext context)
      throws IOException {
    ObjectNode named = context.getNodeFactory().objectNode(); // its members are shared
    members.properties().forEach(member -> named.set(member.getKey(), member.getValue()));
    for (Component component : components) {
      String name = nameIn(members, component);
      if (name == null) {
        lacks(component, members, isWholeConfig, context);
        continue;
      }
      named.remove(component.aliases); // Jackson would take the last of them
      if (!name.equals(component.name)) {
        named.remove(name);
      }
      named.set(component.name, fitting(members.get(name), component, context));
    }
    return named;
  }

  /** Returns under which name the component's member is there, or null if it is not. */
  private @Nullable String nameIn(ObjectNode members, Component component) {
    if (members.has(component.name)) {
      return component.name;
    }
    for (String alias : component.aliases) {
      if (members.has(alias)) {
        return alias;
      }
    }
    String snake = component.snake;
    return snake != null && members.has(snake) && !isTaken(snake) ? snake : null;
  }

  private boolean isTaken(String name) {
    return components.stream().anyMatch(component -> component.name.equals(name));
  }

  /** Returns the value, a whole number without its fraction of zero. */
  private JsonNode fitting(JsonNode found, Component component, DeserializationContext context)
      throws IOException {
    Class<?> type = component.type.getRawClass();
    if (found.isNull() && type.isPrimitive()) {
      throw Missing.value(context, component.name, component.type, handledType(), "null");
    }
    if (!found.isFloatingPointNumber() || !WHOLE.contains(type)) {
      return found;
    }
    BigDecimal number = found.decimalValue();
    return number.stripTrailingZeros().scale() > 0
        ? found
        : context.getNodeFactory().numberNode(number.toBigInteger());
  }

  private void lacks(
      Component component,
      ObjectNode members,
      boolean isWholeConfig,
      DeserializationContext context)
      throws IOException {
    if (!component.isRequired
        && !component.mayLack
        && context.getAttribute(Unbound.class) instanceof Unbound told) {
      told.component(
          handledType(),
          component.name,
          component.snake,
          component.spelled(),
          members,
          isWholeConfig);
    } else if (component.isRequired) {
      List<String> names = new ArrayList<>();
      members.fieldNames().forEachRemaining(names::add);
      throw Missing.value(
          context,
          component.name,
          component.type,
          handledType(),
          "no " + component.spelled() + Similar.inWords(component.name, names));
    }
  }
}
