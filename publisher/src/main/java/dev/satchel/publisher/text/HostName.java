package dev.satchel.publisher.text;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, as other people read it. */
public final class HostName {
  private static final String NAME = found();

  private HostName() {}

  /**
   * Returns the prefix and the host name in printable ASCII, cut to at most {@code mostBytes}
   * bytes.
   */
  public static String cut(String prefix, int mostBytes) {
    String all = prefix + NAME;
    return all.length() <= mostBytes ? all : all.substring(0, mostBytes);
  }

  private static String found() {
    try {
      String name = InetAddress.getLocalHost().getHostName().replaceAll("[^!#-\\[\\]-~]", "_");
      return name.isEmpty() ? "unknown" : name;
    } catch (UnknownHostException e) {
      return "unknown"; // a machine without a name can still publish
    }
  }
}
