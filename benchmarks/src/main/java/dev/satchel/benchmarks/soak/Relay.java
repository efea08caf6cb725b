package dev.satchel.benchmarks.soak;

import dev.satchel.benchmarks.decision.StoreProcess;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A network between clients and a server that can cut connections and refuse new ones. */
final class Relay {
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final NetClient client;
  private final int serverPort;
  private final int port;
  private final Set<NetSocket> connections = ConcurrentHashMap.newKeySet();
  private @Nullable NetServer listening;

  Relay(Vertx vertx, int serverPort) {
    this.vertx = vertx;
    this.client = vertx.createNetClient();
    this.serverPort = serverPort;
    NetServer first = listen(0);
    listening = first;
    port = first.actualPort();
  }

  int port() {
    return port;
  }

  /** Ends every connection; clients may connect again. */
  void cut() {
    List.copyOf(connections).forEach(NetSocket::close);
  }

  /** Ends every connection and refuses new ones. */
  void refuse() {
    NetServer open = listening;
    if (open != null) {
      listening = null;
      StoreProcess.await(open.close());
    }
    cut();
  }

  /** Lets clients connect again. */
  void heal() {
    if (listening == null) {
      listening = listen(port);
    }
  }

  private NetServer listen(int at) {
    return StoreProcess.await(
        vertx.createNetServer().connectHandler(this::connected).listen(at, HOST));
  }

  private void connected(NetSocket near) {
    near.pause();
    connections.add(near);
    near.closeHandler(closed -> connections.remove(near));
    client
        .connect(serverPort, HOST)
        .onFailure(failure -> near.close())
        .onSuccess(
            far -> {
              near.closeHandler(
                  closed -> {
                    connections.remove(near);
                    far.close();
                  });
              far.pipeTo(near);
              near.pipeTo(far);
            });
  }
}
