package dev.satchel.publisher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of the package, with a real Java and a small jar in place of ours. */
@Timeout(60)
class LauncherTest {
  /** In place of Satchel: prints its arguments. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] arguments) {
      System.out.println(String.join(" ", arguments));
    }
  }

  private final Path launcher;
  private final Path lib;
  private final Path jar;
  private final Path archive;

  LauncherTest(@TempDir Path folder) {
    launcher = folder.resolve("bin/satchel");
    lib = folder.resolve("lib/satchel");
    jar = lib.resolve("satchel.jar");
    archive = lib.resolve("satchel.jsa");
  }

  @BeforeEach
  void install() throws IOException {
    Files.createDirectories(lib);
    Files.createDirectories(Objects.requireNonNull(launcher.getParent()));
    Files.copy(Path.of("src/packaging/bin/satchel"), launcher);
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Echo.class.getName());
    String entry = Echo.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream bytes =
            Objects.requireNonNull(Echo.class.getClassLoader().getResourceAsStream(entry))) {
      out.putNextEntry(new ZipEntry(entry));
      bytes.transferTo(out);
    }
    Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
  }

  @Test
  void theFirstPublicationMakesAnArchiveOfClassesThatOthersUse() throws Exception {
    assertThat(said("inspect", "one")).isEqualTo("inspect one\n");
    assertThat(archive).doesNotExist();

    assertThat(said("publish", "--json", "a b")).isEqualTo("publish --json a b\n");

    assertThat(archive).isNotEmptyFile();
    assertThat(said("-J-Xlog:class+load:stdout", "publish"))
        .contains(Echo.class.getName() + " source: shared objects file (top)")
        .contains("\npublish\n");
  }

  @Test
  void anArchiveThatDoesNotFitIsNoHindranceAndSaysNothing() throws Exception {
    Files.writeString(archive, "no archive");

    assertThat(said("publish", "--json")).isEqualTo("publish --json\n");

    assertThat(archive).hasContent("no archive");
  }

  @Test
  void anArchiveOlderThanTheJarIsMadeAnew() throws Exception {
    Files.writeString(archive, "no archive");
    Files.setLastModifiedTime(archive, FileTime.from(Instant.parse("2019-01-01T00:00:00Z")));

    assertThat(said("publish")).isEqualTo("publish\n");

    assertThat(said("-J-Xlog:class+load:stdout", "inspect"))
        .contains(Echo.class.getName() + " source: shared objects file (top)");
  }

  private String said(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home")));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
