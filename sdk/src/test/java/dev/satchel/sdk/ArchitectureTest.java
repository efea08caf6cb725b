package dev.satchel.sdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
  static final ArchRule kvMovesValuesThatItDoesNotUnderstand =
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.kv")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.satchel.snapshot..", "dev.satchel.sdk..", "dev.satchel.kv.*..");

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
