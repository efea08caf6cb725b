package dev.satchel.sdk;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an application says about values that a user may lack: components of the types {@code
 * Optional…}, of box types, and those with any annotation {@code Nullable} say that they may.
 */
final class Missing {
  private static final Set<Class<?>> LENIENT =
      Set.of(
          Optional.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class);

  private static final Map<Class<?>, String> BOXES =
      Map.of(
          boolean.class, "Boolean",
          byte.class, "Byte",
          short.class, "Short",
          char.class, "Character",
          int.class, "Integer",
          long.class, "Long",
          float.class, "Float",
          double.class, "Double");

  private Missing() {}

  static boolean isAllowed(Class<?> type) {
    return LENIENT.contains(type);
  }

  /** Returns whether an annotation says that the value may be lacking, or comes otherwise. */
  static boolean mayLack(AnnotatedMember member) {
    return member.hasAnnotation(JacksonInject.class)
        || member.hasAnnotation(JsonUnwrapped.class)
        || member.hasAnnotation(JsonAnySetter.class)
        || isNullable(member);
  }

  /** Returns whether the member, or a record's component of its name, is annotated so. */
  private static boolean isNullable(AnnotatedMember member) {
    return Stream.concat(annotations(member.getAnnotated()), ofComponent(member))
        .anyMatch(
            annotation -> annotation.annotationType().getSimpleName().equalsIgnoreCase("nullable"));
  }

  private static Stream<Annotation> ofComponent(AnnotatedMember member) {
    Class<?> owner = member.getDeclaringClass();
    if (!(member instanceof AnnotatedParameter parameter)) {
      return Stream.empty();
    }
    if (!(parameter.getOwner().getAnnotated() instanceof Executable made)) {
      return Stream.empty();
    }
    Parameter here = made.getParameters()[parameter.getIndex()];
    Stream<Annotation> own =
        Stream.concat(annotations(here), Arrays.stream(here.getAnnotatedType().getAnnotations()));
    RecordComponent[] components = owner.getRecordComponents();
    return components == null
        ? own
        : Stream.of(
                own,
                annotations(components[parameter.getIndex()]),
                Arrays.stream(components[parameter.getIndex()].getAnnotatedType().getAnnotations()))
            .flatMap(all -> all);
  }

  private static Stream<Annotation> annotations(@Nullable AnnotatedElement element) {
    if (element == null) {
      return Stream.empty();
    }
    AnnotatedType type =
        element instanceof Field field
            ? field.getAnnotatedType()
            : element instanceof Method setter && setter.getParameterCount() == 1
                ? setter.getAnnotatedParameterTypes()[0]
                : null;
    Stream<Annotation> declared = Arrays.stream(element.getAnnotations());
    return type == null ? declared : Stream.concat(declared, Arrays.stream(type.getAnnotations()));
  }

  /** Returns the failure of a primitive component for which Kotlin has no default. */
  static MismatchedInputException value(
      DeserializationContext context, BeanProperty property, Class<?> owner) {
    return value(context, property.getName(), property.getType(), owner, "none");
  }

  /**
   * Returns the failure of a primitive component.
   *
   * @param found what there is in its place, in words
   */
  static MismatchedInputException value(
      DeserializationContext context, String name, JavaType type, Class<?> owner, String found) {
    Class<?> primitive = type.getRawClass();
    var failure =
        MismatchedInputException.from(
            context.getParser(),
            owner,
            "expected a value of type %s but found %s (if users may lack it, make it %s or Optional)"
                .formatted(
                    primitive.getSimpleName(), found, BOXES.getOrDefault(primitive, "Optional")));
    failure.prependPath(owner, name);
    return failure;
  }
}
