package dev.satchel.publisher.source;

/**
 * One place where a server may listen.
 *
 * @param name a host name, an address, or the folder of a Unix socket, which begins with a slash
 * @param port 1 to 65535
 */
record DatabaseHost(String name, int port) {

  boolean isSocket() {
    return name.startsWith("/");
  }

  /** Returns {@code host:port} or the path of the socket, for messages. */
  @Override
  public String toString() {
    if (isSocket()) {
      return name + "/.s.PGSQL." + port;
    }
    return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
  }
}
