package dev.satchel.demo;

import java.util.Map;

/**
 * Where the demo listens.
 *
 * @param host the address to bind
 * @param port 0 to 65,535; 0 takes any free port
 */
record DemoOptions(String host, int port) {
  /** Loopback: to be reached from elsewhere takes a setting. */
  static final String DEFAULT_HOST = "127.0.0.1";

  static final int DEFAULT_PORT = 8080;

  DemoOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("PORT must be from 0 to 65535 but is " + port);
    }
  }

  /** Reads the options from {@code HOST} and {@code PORT}; an empty variable counts as unset. */
  static DemoOptions fromEnv(Map<String, String> env) {
    String host = env.getOrDefault("HOST", "").strip();
    String port = env.getOrDefault("PORT", "").strip();
    try {
      return new DemoOptions(
          host.isEmpty() ? DEFAULT_HOST : host,
          port.isEmpty() ? DEFAULT_PORT : Integer.parseInt(port));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected PORT to be a number such as 8080 but found '%s'".formatted(port), e);
    }
  }
}
