package dev.satchel.publisher.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresArchiveTest {
  private static final ClassLoader OURS = PostgresArchive.class.getClassLoader();

  @ParameterizedTest
  @ValueSource(strings = {"Linux amd64", "Linux aarch64", "Mac OS X aarch64"})
  void thereIsOneForEachPlatformThatIsPromised(String platform) throws IOException {
    assertThat(PostgresArchive.of(platform, OURS).bytes()).hasSizeGreaterThan(10_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Windows 11 amd64", "Mac OS X x86_64", "Linux riscv64"})
  void anotherPlatformIsToldWhichThereAre(String platform) {
    assertThatThrownBy(() -> PostgresArchive.of(platform, OURS))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "there is a private PostgreSQL for Linux on x86-64 and ARM64 and for macOS on ARM64,"
                + " but none for "
                + platform);
  }

  @Test
  void withoutItsJarThatIsWhatIsMissing() throws IOException {
    try (var nothing = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(() -> PostgresArchive.of("Linux amd64", nothing))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("satchel-postgres.jar but there is no such file");
    }
  }
}
