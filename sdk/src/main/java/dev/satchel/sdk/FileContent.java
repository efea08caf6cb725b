package dev.satchel.sdk;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** What a file is to hold, written from its start on. */
interface FileContent {
  /**
   * How much is written or read at a time: for each thread the JDK keeps a direct buffer as large
   * as its largest write.
   */
  int PIECE_BYTES = 65_536;

  /** Writes everything; returns false if it turns out to be something else than expected. */
  boolean writeTo(FileChannel channel) throws IOException;
}
