package dev.satchel.sdk;

import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TreeTraversingParser;

/** Reads all fields of a user, and not only what one of them holds. */
final class ConfigParser extends TreeTraversingParser {
  ConfigParser(ObjectNode config, ObjectCodec codec) {
    super(config, codec);
  }
}
