package dev.satchel.http;

import java.io.EOFException;
import java.io.IOException;

/** The bytes of an answer as they arrive. Reads block. */
interface AnswerBytes {

  /** The next byte, or -1 at the end. */
  int read() throws IOException;

  /** Some of the next bytes, at least one of them, or -1 at the end. */
  int read(byte[] into, int from, int length) throws IOException;

  /** The next byte, of an answer that cannot have ended yet. */
  default int readOrFail() throws IOException {
    int next = read();
    if (next < 0) {
      throw new EOFException("the connection ended before the answer did");
    }
    return next;
  }
}
