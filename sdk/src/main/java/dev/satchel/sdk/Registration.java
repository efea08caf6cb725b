package dev.satchel.sdk;

/** The registration of a listener with a client. It lasts until it or the client is closed. */
public interface Registration extends AutoCloseable {

  /**
   * Ends the registration: the listener is not called any more; a call under way goes on.
   * Idempotent.
   */
  @Override
  void close();
}
