package dev.satchel.http;

import java.io.IOException;

/**
 * Thrown when no usable answer came. The message is one line in our own words: it never quotes what
 * the other side sent, nor a header of the request.
 */
public final class HttpException extends IOException {
  private static final long serialVersionUID = 1L;

  HttpException(String message) {
    super(message);
  }
}
