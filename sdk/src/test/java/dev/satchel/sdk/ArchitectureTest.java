package dev.satchel.sdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/** Which package may know which: the snapshot knows nobody, and the facade joins it with KV. */
@AnalyzeClasses(packages = "dev.satchel", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule theSnapshotKnowsTheJdkAndZstdOnly =
      classes()
          .that()
          .resideInAPackage("dev.satchel.snapshot")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.satchel.snapshot", "java..", "com.github.luben.zstd..", "org.jspecify..");

  @ArchTest
  static final ArchRule theSnapshotDoesNoInputOrOutput =
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.snapshot")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io", "java.net..", "java.nio.file..", "java.nio.channels..");

  @ArchTest
  static final ArchRule httpIsTheJdksAlone =
      classes()
          .that()
          .resideInAPackage("dev.satchel.http")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.satchel.http", "java..", "javax.net..", "org.jspecify..");

  @ArchTest
  static final ArchRule kvMovesValuesThatItDoesNotUnderstand =
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.kv")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.satchel.snapshot..", "dev.satchel.sdk..");

  @ArchTest
  static final ArchRule sourcesKnowNoClient =
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.sdk.source")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.satchel.snapshot..", "dev.satchel.sdk");

  @ArchTest
  static final ArchRule nobodyNeedsAnEventLoop =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.satchel.kv.local..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..");

  /** But for views and what they are made of, which need each other by what they are. */
  @ArchTest
  static final ArchRule noClassesOfTheClientGoRoundInACircle =
      slices().assignedFrom(new ByClass()).should().beFreeOfCycles();

  /** Each class of the facade is a slice, with the classes inside it. */
  private static final class ByClass implements SliceAssignment {
    private static final Set<String> ONE =
        Set.of("ConfigView", "Lookups", "UserView", "Bindings", "JsonNodes");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      if (!type.getPackageName().equals("dev.satchel.sdk")) {
        return SliceIdentifier.ignore();
      }
      String name = type.getName().substring("dev.satchel.sdk.".length()).split("\\$", 2)[0];
      return SliceIdentifier.of(ONE.contains(name) ? "a view" : name);
    }

    @Override
    public String getDescription() {
      return "classes of the facade";
    }
  }

  @ArchTest
  static final ArchRule noPackagesGoRoundInACircle =
      slices().matching("dev.satchel.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nothingReadsTheEnvironment =
      noClasses()
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule nothingEndsTheProcess =
      noClasses()
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);
}
