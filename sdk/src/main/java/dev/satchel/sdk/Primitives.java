package dev.satchel.sdk;

import java.lang.reflect.Array;

/** Values of the primitive types, boxed. */
final class Primitives {
  private Primitives() {}

  /** Returns the value that a field of the type has at first. */
  static Object zero(Class<?> primitive) {
    return Array.get(Array.newInstance(primitive, 1), 0);
  }

  /** Returns a value that is not {@link #zero}. */
  static Object one(Class<?> primitive) {
    if (primitive == boolean.class) {
      return true;
    }
    Object array = Array.newInstance(primitive, 1);
    if (primitive == char.class) {
      Array.setChar(array, 0, '1');
    } else {
      Array.setByte(array, 0, (byte) 1); // every type of numbers is wider
    }
    return Array.get(array, 0);
  }
}
