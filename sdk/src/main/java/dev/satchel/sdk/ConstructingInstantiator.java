package dev.satchel.sdk;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.impl.PropertyValueBuffer;
import com.fasterxml.jackson.databind.deser.std.StdValueInstantiator;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes objects by the only constructor of their class: see {@link Constructing}. */
@SuppressWarnings("serial") // is never serialized
final class ConstructingInstantiator extends StdValueInstantiator {
  private static final long serialVersionUID = 1L;

  private final transient Constructing how;

  ConstructingInstantiator(StdValueInstantiator usual, Constructing how) {
    super(usual);
    this.how = how;
  }

  @Override
  public Object createFromObjectWith(
      DeserializationContext context, SettableBeanProperty[] properties, PropertyValueBuffer values)
      throws IOException {
    Constructor<?> withDefaults = how.withDefaults();
    if (withDefaults != null
        && !Arrays.stream(properties).allMatch(property -> values.hasParameter(property))) {
      return withDefaults(withDefaults, context, properties, values);
    }
    Object[] arguments = values.getParameters(properties);
    Object made = createFromObjectWith(context, arguments);
    if (how.isGuessed()) {
      checkOrder(made, arguments, context);
    }
    return made;
  }

  private Object withDefaults(
      Constructor<?> constructor,
      DeserializationContext context,
      SettableBeanProperty[] properties,
      PropertyValueBuffer values)
      throws IOException {
    Class<?>[] types = constructor.getParameterTypes();
    @Nullable Object[] arguments = new @Nullable Object[types.length];
    int[] absent = new int[types.length - 1 - properties.length];
    for (int i = 0; i < properties.length; i++) {
      if (values.hasParameter(properties[i])) {
        arguments[i] = values.getParameter(properties[i]);
      } else {
        arguments[i] = types[i].isPrimitive() ? Primitives.zero(types[i]) : null;
        absent[i / Integer.SIZE] |= 1 << i;
      }
    }
    for (int i = 0; i < absent.length; i++) {
      arguments[properties.length + i] = absent[i];
    }
    Object made = make(constructor, arguments, context);
    for (int i = 0; i < properties.length; i++) {
      if (types[i].isPrimitive()
          && !values.hasParameter(properties[i])
          && !hasDefault(constructor, arguments, i, made, context)) {
        throw Missing.value(context, properties[i], getValueClass());
      }
    }
    return made;
  }

  /**
   * Returns whether the parameter has a default: without one, the constructor takes what it is
   * given, so that another argument makes another object.
   */
  private boolean hasDefault(
      Constructor<?> constructor,
      @Nullable Object[] arguments,
      int parameter,
      Object made,
      DeserializationContext context)
      throws IOException {
    @Nullable Object[] others = arguments.clone();
    others[parameter] = Primitives.one(constructor.getParameterTypes()[parameter]);
    Object other = make(constructor, others, context);
    Field field = how.fields().get(parameter);
    return Objects.equals(read(field, made, context), read(field, other, context));
  }

  private Object make(
      Constructor<?> constructor, @Nullable Object[] arguments, DeserializationContext context)
      throws IOException {
    try {
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return context.handleInstantiationProblem(getValueClass(), null, cause);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return context.handleInstantiationProblem(getValueClass(), null, e);
    }
  }

  /** Refuses to mix up parameters of the same type that only their order tells apart. */
  private void checkOrder(Object made, Object[] arguments, DeserializationContext context)
      throws IOException {
    for (int i = 0; i < arguments.length; i++) {
      if (!Objects.equals(arguments[i], read(how.fields().get(i), made, context))) {
        context.reportInputMismatch(
            getValueClass(),
            "expected the constructor's parameters in the order of the fields but %s got another"
                + " value: name them with @JsonCreator and @JsonProperty, or compile with"
                + " -parameters",
            how.names().get(i));
      }
    }
  }

  private static @Nullable Object read(Field field, Object made, DeserializationContext context)
      throws IOException {
    try {
      field.setAccessible(true);
      return field.get(made);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return context.reportInputMismatch(
          made.getClass(), "cannot read field %s: %s", field.getName(), Failures.inWords(e));
    }
  }
}
