package dev.satchel.publisher;

import io.vertx.core.json.JsonObject;

/** Facts that a command prints: for a program, or for a person. */
interface Report {
  /** One object. */
  JsonObject toJson();

  /** One line or more, without the last line's end. */
  String inWords();

  /** Whether a person who follows a log wants to see it. */
  default boolean isNews() {
    return true;
  }

  /** Whether nothing was done because somebody holds what is published. */
  default boolean isHeld() {
    return false;
  }
}
