package dev.satchel.kv.local;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The contract's rules for what a request may carry; what breaks one is a {@link Refusal}. */
final class Checks {
  private Checks() {}

  static String key(String key) {
    if (key.isEmpty() || key.equals(".") || key.equals("..")) {
      throw Refusal.badRequest("expected a key that is not empty, \".\" or \"..\"");
    }
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.KEY_BYTES) {
      throw Refusal.of(
          414,
          Refusal.UNPUBLISHED,
          "expected a key of at most " + Limits.KEY_BYTES + " bytes but found " + bytes);
    }
    return key;
  }

  static byte[] value(byte[] value) {
    if (value.length > Limits.VALUE_BYTES) {
      throw Refusal.tooLarge("a value", Limits.VALUE_BYTES);
    }
    return value;
  }

  /** Returns metadata in its shortest form; JSON's null counts as none. */
  static byte @Nullable [] metadata(byte[] compact) {
    if (compact.length > Limits.METADATA_BYTES) {
      throw Refusal.tooLarge("metadata", Limits.METADATA_BYTES);
    }
    return new String(compact, StandardCharsets.UTF_8).equals("null") ? null : compact;
  }

  static void size(Body body, String what, long limitBytes) {
    if (body.isOverLimit()) {
      throw Refusal.tooLarge(what, limitBytes);
    }
  }

  /** Returns when a pair expires, in Unix seconds; the time to live wins over the fixed time. */
  static long expiration(
      @Nullable Long expiration, @Nullable Long timeToLiveSeconds, InstantSource clock) {
    long now = clock.instant().getEpochSecond();
    if (timeToLiveSeconds != null) {
      if (timeToLiveSeconds < Limits.LEAST_LIFE_SECONDS) {
        throw Refusal.lifeTooShort(timeToLiveSeconds);
      }
      if (timeToLiveSeconds > Long.MAX_VALUE - now) {
        throw Refusal.badRequest("expected a time to live that a clock can reach");
      }
      return now + timeToLiveSeconds;
    }
    if (expiration != null) {
      if (expiration < now + Limits.LEAST_LIFE_SECONDS) {
        throw Refusal.lifeTooShort(expiration - now);
      }
      return expiration;
    }
    return Pair.NEVER;
  }

  static @Nullable Long number(@Nullable String text, String what) {
    if (text == null) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw Refusal.badRequest("expected " + what + " to be a whole number but found " + text);
    }
  }

  static int number(@Nullable String text, String what, int otherwise, int least, int most) {
    Long number = number(text, what);
    if (number == null) {
      return otherwise;
    }
    if (number < least || number > most) {
      throw Refusal.badRequest(
          "expected %s from %d to %d but found %d".formatted(what, least, most, number));
    }
    return number.intValue();
  }
}
