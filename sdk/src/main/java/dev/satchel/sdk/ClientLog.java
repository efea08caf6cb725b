package dev.satchel.sdk;

/**
 * The logger for everything that a client says, named after the class that an application knows.
 */
final class ClientLog {
  static final String NAME = "dev.satchel.sdk.ConfigClient";

  private ClientLog() {}
}
