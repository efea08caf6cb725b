package dev.satchel.publisher.text;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, as other people will read it. */
public final class HostName {
  private static final String NAME = found();

  private HostName() {}

  /** The name behind a prefix, in printable ASCII, so at most {@code mostBytes} bytes. */
  public static String cut(String prefix, int mostBytes) {
    String all = prefix + NAME;
    return all.length() <= mostBytes ? all : all.substring(0, mostBytes);
  }

  private static String found() {
    try {
      String name = InetAddress.getLocalHost().getHostName().replaceAll("[^!#-\\[\\]-~]", "_");
      return name.isEmpty() ? "unknown" : name;
    } catch (UnknownHostException e) {
      return "unknown"; // a machine that does not know its own name is no reason not to publish
    }
  }
}
