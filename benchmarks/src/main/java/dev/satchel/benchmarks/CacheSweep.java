package dev.satchel.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Walks once through memory of twice the size of the last cache, so that nothing else is in it. */
public final class CacheSweep {
  private static final int LINE_LONGS = 64 / Long.BYTES;
  private static final int MIB = 1 << 20;
  private static final Path LAST_CACHE = Path.of("/sys/devices/system/cpu/cpu0/cache/index3/size");
  private static final int UNKNOWN_CACHE_MIB = 32;

  private final long[] memory = new long[2 * lastCacheMib() * MIB / Long.BYTES];

  /** Returns the size of the last cache in MiB; 32 where the system does not tell. */
  static int lastCacheMib() {
    try {
      String size = Files.readString(LAST_CACHE).strip();
      return Integer.parseInt(size.substring(0, size.length() - 1)) / 1024; // in KiB, with a K
    } catch (IOException | NumberFormatException e) {
      return UNKNOWN_CACHE_MIB;
    }
  }

  /** Walks again and again until standard input ends; prints a line of JSON once it has begun. */
  public static void main(String[] arguments) throws IOException {
    CacheSweep sweep = new CacheSweep();
    Thread walk =
        new Thread(
            () -> {
              while (true) {
                sweep.run();
              }
            },
            "sweep");
    walk.setDaemon(true);
    walk.start();
    System.out.println("{}");
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  /** Walks. Writes each line, since a cache that keeps what was only read elsewhere keeps these. */
  public void run() {
    for (int i = 0; i < memory.length; i += LINE_LONGS) {
      memory[i]++;
    }
  }
}
