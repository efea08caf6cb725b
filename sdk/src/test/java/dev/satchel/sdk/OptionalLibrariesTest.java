package dev.satchel.sdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An application that has no OpenFeature or Micrometer needs none. */
class OptionalLibrariesTest {
  private static final List<String> OPTIONAL =
      List.of("dev.openfeature.", "io.micrometer.", "io.vertx.", "io.netty.");

  private static final List<String> OPTIONAL_CLASSES =
      List.of(
          "dev.openfeature.sdk.EventProvider",
          "io.micrometer.core.instrument.MeterRegistry",
          "io.vertx.core.Vertx",
          "io.netty.buffer.ByteBuf");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(ConfigClient.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void eachLibraryIsUsedInItsOwnPackageOnly() {
    onlyFrom("dev.satchel.sdk.openfeature", "dev.openfeature..");
    onlyFrom("dev.satchel.sdk.metrics", "io.micrometer..");
  }

  private static void onlyFrom(String user, String library) {
    noClasses()
        .that()
        .resideOutsideOfPackage(user)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  @Test
  void theClientKnowsNothingOfWhatIsBuiltOnIt() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.satchel.sdk", "dev.satchel.snapshot..", "dev.satchel.kv..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.satchel.sdk.openfeature..",
            "dev.satchel.sdk.metrics..",
            "dev.satchel.sdk.testkit..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("dev.satchel.snapshot..", "dev.satchel.kv..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.satchel.sdk..")
        .check(CLASSES);
    for (String one : List.of("openfeature", "metrics", "testkit")) {
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.sdk." + one)
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "are of another package built on the client",
                  other ->
                      other.getPackageName().startsWith("dev.satchel.sdk.")
                          && !other.getPackageName().equals("dev.satchel.sdk.source")
                          && !other.getPackageName().equals("dev.satchel.sdk." + one)))
          .check(CLASSES);
    }
  }

  /** Lives in a class path without the optional libraries. */
  public static final class Application implements Runnable {
    @Override
    public void run() {
      var source = dev.satchel.sdk.testkit.TestSource.of(Map.of("alice", Map.of("preview", true)));
      ConfigClient client = source.open();
      Registration registration = client.onChange(diff -> {});
      if (!client.getBoolean("alice", "preview", false)) {
        throw new AssertionError("alice has the preview");
      }
      registration.close();
      client.close();
    }
  }

  @Test
  void theClientWorksWithoutTheOptionalLibrariesOnTheClassPath() throws Exception {
    List<URL> path = new ArrayList<>();
    for (String entry :
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getProperty("java.class.path"))
            .toList()) {
      path.add(new File(entry).toURI().toURL());
    }
    try (var loader = new HidingLoader(path.toArray(URL[]::new))) {
      Class<?> application = loader.loadClass(Application.class.getName());
      assertThat(application.getClassLoader()).isSameAs(loader);
      for (String library : OPTIONAL_CLASSES) {
        assertThat(Class.forName(library)).as("here").isNotNull();
        assertThatThrownBy(() -> loader.loadClass(library))
            .as("there")
            .isInstanceOf(ClassNotFoundException.class);
      }

      ((Runnable) application.getDeclaredConstructor().newInstance()).run();
    }
  }

  /** Loads everything anew from the class path but what it hides. */
  private static final class HidingLoader extends URLClassLoader {
    HidingLoader(URL[] path) {
      super(path, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (OPTIONAL.stream().anyMatch(name::startsWith)) {
        throw new ClassNotFoundException(name + " is hidden");
      }
      return super.findClass(name);
    }
  }
}
