package dev.satchel.sdk;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedConstructor;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import org.jspecify.annotations.Nullable;

/** Tells Jackson of the constructors that {@link Constructing} finds, and of their parameters. */
@SuppressWarnings("serial") // is never serialized
final class ParameterNames extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable String findImplicitPropertyName(AnnotatedMember member) {
    if (member instanceof AnnotatedParameter parameter) {
      Constructing how = Constructing.of(member.getDeclaringClass()).orElse(null);
      if (how != null && how.constructor().equals(parameter.getOwner().getAnnotated())) {
        return how.names().get(parameter.getIndex());
      }
    }
    return super.findImplicitPropertyName(member);
  }

  @Override
  public JsonCreator.@Nullable Mode findCreatorAnnotation(
      MapperConfig<?> config, Annotated annotated) {
    if (annotated instanceof AnnotatedConstructor constructor) {
      Constructing how = Constructing.of(constructor.getDeclaringClass()).orElse(null);
      if (how != null && how.constructor().equals(constructor.getAnnotated())) {
        return JsonCreator.Mode.PROPERTIES;
      }
    }
    return super.findCreatorAnnotation(config, annotated);
  }
}
