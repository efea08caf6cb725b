package dev.satchel.sdk;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to make an object of a class whose only constructor takes all its values: an immutable class,
 * or a data class of Kotlin. Without {@code -parameters} a class file does not name the parameters;
 * they are then the first fields, in order.
 *
 * @param names the names of the parameters
 * @param fields the fields that the parameters go into, or empty if unknown
 * @param isKotlin whether Kotlin's compiler made the class
 * @param isGuessed whether the order of the fields alone tells parameters of one type apart, so
 *     that an object has to be looked at once it is made
 * @param withDefaults Kotlin's constructor that also takes bits for the parameters to leave at
 *     their defaults, or null if there is none
 */
record Constructing(
    Constructor<?> constructor,
    List<String> names,
    List<Field> fields,
    boolean isKotlin,
    boolean isGuessed,
    @Nullable Constructor<?> withDefaults) {
  private static final String KOTLIN = "kotlin.Metadata";
  private static final String KOTLIN_MARKER = "kotlin.jvm.internal.DefaultConstructorMarker";

  private static final ClassValue<Optional<Constructing>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Optional<Constructing> computeValue(Class<?> type) {
          return find(type);
        }
      };

  /** Returns how to make objects of the class, or empty if Jackson's own rules are to decide. */
  static Optional<Constructing> of(Class<?> type) {
    return KNOWN.get(type);
  }

  private static Optional<Constructing> find(Class<?> type) {
    int kind = type.getModifiers();
    boolean isInner = type.getEnclosingClass() != null && !Modifier.isStatic(kind);
    if (type.isRecord()
        || type.isEnum()
        || type.isArray()
        || type.isPrimitive()
        || Modifier.isAbstract(kind)
        || isInner
        || type.getName().startsWith("java.")
        || hasCreator(type)) {
      return Optional.empty();
    }
    Annotation kotlin = kotlin(type);
    List<Constructor<?>> plain =
        Arrays.stream(type.getDeclaredConstructors())
            .filter(made -> !made.isSynthetic() && !takesDefaults(made))
            .toList();
    List<Constructor<?>> full =
        plain.stream().filter(made -> made.getParameterCount() > 0).toList();
    if (full.size() != 1 || (kotlin == null && plain.size() > 1)) {
      return Optional.empty();
    }
    Constructor<?> only = full.get(0);
    Parameter[] parameters = only.getParameters();
    boolean areNamed = Arrays.stream(parameters).allMatch(Parameter::isNamePresent);
    List<Field> fields =
        areNamed ? named(type, parameters) : first(type, kotlin, parameters.length);
    for (int i = 0; i < parameters.length; i++) {
      if (i >= fields.size() || fields.get(i).getType() != parameters[i].getType()) {
        fields = List.of();
      }
    }
    if (fields.isEmpty() && !areNamed) {
      return Optional.empty();
    }
    List<String> names =
        areNamed
            ? Arrays.stream(parameters).map(Parameter::getName).toList()
            : fields.stream().map(Field::getName).toList();
    boolean isGuessed = !areNamed && kotlin == null && !haveTypesThatDiffer(fields);
    Constructor<?> withDefaults =
        kotlin == null || fields.isEmpty() ? null : withDefaults(type, parameters.length);
    return Optional.of(
        new Constructing(only, names, fields, kotlin != null, isGuessed, withDefaults));
  }

  private static boolean haveTypesThatDiffer(List<Field> fields) {
    var types = new HashSet<Class<?>>();
    return fields.stream().allMatch(field -> types.add(field.getType()));
  }

  private static boolean hasCreator(Class<?> type) {
    return Arrays.stream(type.getDeclaredConstructors())
            .anyMatch(
                made ->
                    made.isAnnotationPresent(JsonCreator.class)
                        || Arrays.stream(made.getAnnotations())
                            .anyMatch(
                                by ->
                                    by.annotationType()
                                        .getName()
                                        .equals("java.beans.ConstructorProperties")))
        || Arrays.stream(type.getDeclaredMethods())
            .anyMatch(method -> method.isAnnotationPresent(JsonCreator.class));
  }

  private static @Nullable Annotation kotlin(Class<?> type) {
    return Arrays.stream(type.getDeclaredAnnotations())
        .filter(annotation -> annotation.annotationType().getName().equals(KOTLIN))
        .findFirst()
        .orElse(null);
  }

  /** Returns the fields with the names of the parameters. */
  private static List<Field> named(Class<?> type, Parameter[] parameters) {
    List<Field> fields = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Arrays.stream(type.getDeclaredFields())
          .filter(field -> field.getName().equals(parameter.getName()))
          .forEach(fields::add);
    }
    return List.copyOf(fields);
  }

  /** Returns the first fields of the objects, in the order of the source. */
  private static List<Field> first(Class<?> type, @Nullable Annotation kotlin, int most) {
    List<Field> fields = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
        fields.add(field);
      }
    }
    List<String> named = kotlin == null ? List.of() : namesOf(kotlin);
    if (fields.stream().allMatch(field -> named.contains(field.getName()))) {
      // Kotlin's metadata names the parameters of the constructor first, in their order
      fields.sort(Comparator.comparingInt(field -> named.indexOf(field.getName())));
    }
    return List.copyOf(fields.subList(0, Math.min(most, fields.size())));
  }

  private static List<String> namesOf(Annotation kotlin) {
    try {
      Method names = kotlin.annotationType().getMethod("d2");
      return names.invoke(kotlin) instanceof String[] found ? List.of(found) : List.of();
    } catch (ReflectiveOperationException e) {
      return List.of();
    }
  }

  private static @Nullable Constructor<?> withDefaults(Class<?> type, int parameters) {
    int masks = (parameters + Integer.SIZE - 1) / Integer.SIZE;
    for (Constructor<?> made : type.getDeclaredConstructors()) {
      if (made.getParameterCount() == parameters + masks + 1 && takesDefaults(made)) {
        return made;
      }
    }
    return null;
  }

  private static boolean takesDefaults(Constructor<?> made) {
    Class<?>[] types = made.getParameterTypes();
    return types.length > 0 && types[types.length - 1].getName().equals(KOTLIN_MARKER);
  }
}
