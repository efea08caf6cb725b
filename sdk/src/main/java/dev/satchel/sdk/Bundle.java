package dev.satchel.sdk;

import dev.satchel.kv.LimitedRead;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A snapshot that was delivered with the application. */
sealed interface Bundle {

  /** Returns the whole value. Blocks. */
  byte[] read() throws IOException;

  /** Throws if the snapshot is not there. Blocks. */
  void check() throws IOException;

  /** A file. */
  record InFile(Path file) implements Bundle {
    @Override
    public byte[] read() throws IOException {
      return LimitedRead.of(file);
    }

    @Override
    public void check() throws IOException {
      Files.newByteChannel(file).close();
    }

    @Override
    public String toString() {
      return "file " + file;
    }
  }

  /** A resource on the class path. */
  record OnClassPath(String name, ClassLoader loader) implements Bundle {

    /** Returns a resource on the class path of the calling thread. */
    static OnClassPath of(String name) {
      ClassLoader applications = Thread.currentThread().getContextClassLoader();
      return new OnClassPath(
          name, applications == null ? ClassLoader.getSystemClassLoader() : applications);
    }

    @Override
    public byte[] read() throws IOException {
      try (InputStream in = open()) {
        return LimitedRead.of(in, toString());
      }
    }

    @Override
    public void check() throws IOException {
      open().close();
    }

    private InputStream open() throws IOException {
      InputStream in = loader.getResourceAsStream(name);
      if (in == null) {
        throw new FileNotFoundException("there is no such resource on the class path");
      }
      return in;
    }

    @Override
    public String toString() {
      return "class path resource " + name;
    }
  }
}
