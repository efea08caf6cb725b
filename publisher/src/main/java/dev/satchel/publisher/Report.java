package dev.satchel.publisher;

import io.vertx.core.json.JsonObject;

/** Facts that a command prints, for a program or for a person. */
interface Report {
  /** Returns the facts as one object. */
  JsonObject toJson();

  /** Returns the facts in one or more lines, without the last line break. */
  String inWords();

  /** Returns whether a person who follows a log wants to see it. */
  default boolean isNews() {
    return true;
  }

  /** Returns whether nothing was done because a person holds the published snapshot. */
  default boolean isHeld() {
    return false;
  }
}
