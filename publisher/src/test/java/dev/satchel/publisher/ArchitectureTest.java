package dev.satchel.publisher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the publisher's packages may know: reading users knows nothing of publishing them. */
@AnalyzeClasses(
    packages = "dev.satchel.publisher",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule readingUsersKnowsNothingOfPublishingThem =
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.publisher.*..")
          .and()
          .resideOutsideOfPackages("dev.satchel.publisher.http", "dev.satchel.publisher.kv")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.satchel.publisher",
              "dev.satchel.publisher.kv",
              "dev.satchel.snapshot..",
              "dev.satchel.kv..",
              "dev.satchel.http..",
              "dev.satchel.sdk..");

  @ArchTest
  static final ArchRule kvMovesValuesThatItDoesNotUnderstand =
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.publisher.kv")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "dev.satchel.publisher..",
                      "dev.satchel.snapshot..",
                      "dev.satchel.sdk..",
                      "dev.satchel.kv.*..")
                  .and(not(resideInAPackage("dev.satchel.publisher.kv"))));

  @ArchTest
  static final ArchRule onlyKvMakesCallsOverHttp =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.satchel.publisher.kv")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.ext.web.client..", "dev.satchel.http..");

  @ArchTest
  static final ArchRule thePagesKnowSnapshotsAndNothingOfHowTheyAreMade =
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.publisher.http")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.satchel.publisher",
              "dev.satchel.publisher.source",
              "dev.satchel.publisher.embedded",
              "dev.satchel.publisher.seed",
              "dev.satchel.sdk..");

  @ArchTest
  static final ArchRule thePublisherKnowsNoApplication =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.satchel.demo..");

  @ArchTest
  static final ArchRule noPackagesGoRoundInACircle =
      slices().matching("dev.satchel.publisher.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheMainClassReadsTheEnvironment =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Satchel.class.getName())
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule onlyTheMainClassEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Satchel.class.getName())
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);
}
