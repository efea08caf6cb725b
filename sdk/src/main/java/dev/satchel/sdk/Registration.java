package dev.satchel.sdk;

/** A listener's place with a client, until it is closed or the client is. */
public interface Registration extends AutoCloseable {

  /** Ends it: the listener is not called any more, but for a call under way. Idempotent. */
  @Override
  void close();
}
