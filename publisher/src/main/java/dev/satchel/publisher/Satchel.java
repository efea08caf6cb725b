package dev.satchel.publisher;

/** The command line's entry. */
public final class Satchel {
  private Satchel() {}

  public static void main(String[] args) {
    System.exit(2);
  }
}
