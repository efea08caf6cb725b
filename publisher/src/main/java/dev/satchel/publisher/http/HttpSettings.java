package dev.satchel.publisher.http;

import org.jspecify.annotations.Nullable;

/**
 * Where the port listens, and who may write through it.
 *
 * @param port 0 for any free one
 * @param operatorToken required for every write; null if the page never writes
 */
public record HttpSettings(String host, int port, @Nullable String operatorToken) {
  /** Listens to this machine only. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** A shorter token can be guessed. */
  public static final int FEWEST_TOKEN_CHARACTERS = 16;

  @Override
  public String toString() {
    return "%s:%d, %s"
        .formatted(host, port, operatorToken == null ? "read only" : "with an operator's token");
  }
}
