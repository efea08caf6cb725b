package dev.satchel.sdk;

import java.util.Arrays;
import java.util.Locale;

/** Recognizes threads that must not wait, as far as their names and classes tell. */
final class WaitingThreads {
  private WaitingThreads() {}

  /**
   * Refuses to block on a thread that many others wait for.
   *
   * @param blocking the method that was called
   * @param instead the method that does not block
   */
  static void check(String blocking, String instead) {
    Thread thread = Thread.currentThread();
    String kind =
        ClientListeners.isListenersThread(thread)
            ? "a listener of a client"
            : isEventLoop(thread) ? "an event loop" : "";
    if (!kind.isEmpty()) {
      throw new IllegalStateException(
          "expected a thread that may wait but %s was called from %s, on thread %s: call %s, which does not block"
              .formatted(blocking, kind, thread.getName(), instead));
    }
  }

  private static boolean isEventLoop(Thread thread) {
    // Vert.x: vert.x-eventloop-thread-0; Netty: nioEventLoopGroup-2-1; Reactor marks its own
    String name = thread.getName().toLowerCase(Locale.ROOT);
    return name.contains("eventloop")
        || name.contains("event-loop")
        || name.startsWith("reactor-http-")
        || Arrays.stream(thread.getClass().getInterfaces())
            .anyMatch(marker -> marker.getName().equals("reactor.core.scheduler.NonBlocking"));
  }
}
