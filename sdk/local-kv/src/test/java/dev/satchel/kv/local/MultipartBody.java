package dev.satchel.kv.local;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart/form-data body, written part by part. */
final class MultipartBody {
  private final String boundary;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  MultipartBody(String boundary) {
    this.boundary = boundary;
  }

  MultipartBody part(String disposition, byte[] content) {
    add("--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n");
    bytes.writeBytes(content);
    add("\r\n");
    return this;
  }

  MultipartBody part(String disposition, String content) {
    return part(disposition, content.getBytes(StandardCharsets.UTF_8));
  }

  byte[] end() {
    add("--" + boundary + "--\r\n");
    return bytes.toByteArray();
  }

  private void add(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
