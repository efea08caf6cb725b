package dev.satchel.http;

import java.io.IOException;

/**
 * No usable answer came. The message is one line in words of ours: it never quotes what the other
 * side sent, nor a header of the request.
 */
public final class HttpException extends IOException {
  private static final long serialVersionUID = 1L;

  HttpException(String message) {
    super(message);
  }
}
