package dev.satchel.demo;

/** The demo's entry. */
public final class DemoApp {
  private DemoApp() {}

  public static void main(String[] args) {
    System.exit(2);
  }
}
