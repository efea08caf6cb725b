package dev.satchel.publisher.text;

import io.vertx.core.json.JsonObject;

/** Facts that a command prints: for a program, or for a person. */
public interface Report {
  /** Returns one JSON object. */
  JsonObject toJson();

  /** Returns one line or more, without the last line's end. */
  String inWords();
}
