package dev.satchel.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The hosts to reach without a proxy, as {@code NO_PROXY} lists them. That variable has no
 * standard; this accepts what curl and Go's {@code httpproxy} both accept.
 */
record ProxyExclusions(List<String> entries) {

  ProxyExclusions {
    entries = entries.stream().map(entry -> entry.toLowerCase(Locale.ROOT)).toList();
  }

  boolean contain(String host, int port) {
    String wanted = host.toLowerCase(Locale.ROOT);
    return NetworkOptions.isThisMachine(wanted)
        || entries.stream().anyMatch(entry -> fits(entry, wanted, port));
  }

  private static boolean fits(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean hasPort = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
    if (hasPort) {
      if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    if (name.startsWith("*.")) {
      name = name.substring(1);
    }
    int slash = name.indexOf('/');
    if (slash > 0) {
      return isInNetwork(host, name.substring(0, slash), name.substring(slash + 1));
    }
    String bare = name.startsWith(".") ? name.substring(1) : name;
    return host.equals(bare) || host.endsWith("." + bare);
  }

  private static boolean isInNetwork(String host, String network, String prefixBits) {
    byte[] address = literal(host);
    byte[] base = literal(network);
    if (address == null
        || base == null
        || address.length != base.length
        || !prefixBits.matches("[0-9]{1,3}")
        || Integer.parseInt(prefixBits) > Byte.SIZE * base.length) {
      return false;
    }
    int shift = Byte.SIZE * base.length - Integer.parseInt(prefixBits);
    return new BigInteger(1, address)
        .shiftRight(shift)
        .equals(new BigInteger(1, base).shiftRight(shift));
  }

  /** Returns the bytes of an address, or null for a name: nothing is looked up. */
  private static byte @Nullable [] literal(String text) {
    if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*")) {
      return null;
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException malformed) {
      return null;
    }
  }
}
