package dev.satchel.sdk;

/** The logger of all that a client says, named as what an application knows. */
final class ClientLog {
  static final String NAME = "dev.satchel.sdk.ConfigClient";

  private ClientLog() {}
}
