package dev.satchel.publisher.check;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * What one check found.
 *
 * @param name of the check
 * @param expected what clients need
 * @param found what the address did
 * @param advice what to do about it; empty if nothing needs to be done
 */
record Finding(Verdict verdict, String name, String expected, String found, String advice) {
  enum Verdict {
    /** As it should be. */
    OK,
    /** Works, but something is slower, older or more open than it could be. */
    WARNING,
    /** Clients cannot use this. */
    FAILED,
    /** Nothing to check. */
    SKIPPED
  }

  static Finding ok(String name, String expected, String found) {
    return new Finding(Verdict.OK, name, expected, found, "");
  }

  static Finding warning(String name, String expected, String found, String advice) {
    return new Finding(Verdict.WARNING, name, expected, found, advice);
  }

  static Finding failed(String name, String expected, String found, String advice) {
    return new Finding(Verdict.FAILED, name, expected, found, advice);
  }

  static Finding skipped(String name, String why) {
    return new Finding(Verdict.SKIPPED, name, "nothing", why, "");
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("verdict", verdict.name().toLowerCase(Locale.ROOT))
        .put("name", name)
        .put("expected", expected)
        .put("found", found)
        .put("advice", advice);
  }

  String inWords() {
    String start =
        switch (verdict) {
          case OK -> "ok      ";
          case WARNING -> "warning ";
          case FAILED -> "FAILED  ";
          case SKIPPED -> "-       ";
        };
    return verdict == Verdict.OK || verdict == Verdict.SKIPPED
        ? start + name + ": " + found
        : "%s%s: expected %s but found %s; %s".formatted(start, name, expected, found, advice);
  }
}
