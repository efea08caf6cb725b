package dev.satchel.publisher.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL for one platform, packed. It lies in a jar of its own, which the manifest of the
 * publisher's jar names and which production does without.
 */
final class PostgresArchive {
  private static final String JAR = "satchel-postgres.jar";

  // os.name and os.arch, and what the artifacts have in them
  private static final Map<String, String> BY_PLATFORM =
      Map.of(
          "Linux amd64", "postgres-linux-x86_64.txz",
          "Linux aarch64", "postgres-linux-arm_64.txz",
          "Mac OS X aarch64", "postgres-darwin-arm_64.txz");

  private final URL place;

  private PostgresArchive(URL place) {
    this.place = place;
  }

  /**
   * Returns the archive for this platform.
   *
   * @throws IOException if there is none; the message says what is missing
   */
  static PostgresArchive ofThisPlatform() throws IOException {
    return of(
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        PostgresArchive.class.getClassLoader());
  }

  static PostgresArchive of(String platform, @Nullable ClassLoader holder) throws IOException {
    String name = BY_PLATFORM.get(platform);
    if (name == null) {
      throw new IOException(
          "there is a private PostgreSQL for Linux on x86-64 and ARM64 and for macOS on ARM64,"
              + " but none for "
              + platform);
    }
    URL place = holder == null ? null : holder.getResource(name);
    if (place == null) {
      throw new IOException(
          "expected the private PostgreSQL in %s but there is no such file; mvn -DskipTests package builds it"
              .formatted(jar()));
    }
    return new PostgresArchive(place);
  }

  private static Path jar() {
    try {
      URL ours = PostgresArchive.class.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(ours.toURI()).resolveSibling(JAR);
    } catch (URISyntaxException e) {
      throw new AssertionError("a class has a code source", e);
    }
  }

  byte[] bytes() throws IOException {
    try (InputStream in = place.openStream()) {
      return in.readAllBytes();
    }
  }
}
