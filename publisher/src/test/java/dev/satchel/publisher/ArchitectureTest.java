package dev.satchel.publisher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What each of the publisher's packages may know. */
@AnalyzeClasses(
    packages = "dev.satchel.publisher",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule eachRoomKnowsOnlyTheRoomsBelowIt =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.satchel.publisher..")
          .layer("text")
          .definedBy("dev.satchel.publisher.text")
          .layer("time")
          .definedBy("dev.satchel.publisher.time")
          .layer("kv")
          .definedBy("dev.satchel.publisher.kv")
          .layer("source")
          .definedBy("dev.satchel.publisher.source")
          .layer("seed")
          .definedBy("dev.satchel.publisher.seed")
          .layer("embedded")
          .definedBy("dev.satchel.publisher.embedded")
          .layer("store")
          .definedBy("dev.satchel.publisher.store")
          .layer("guard")
          .definedBy("dev.satchel.publisher.guard")
          .layer("lock")
          .definedBy("dev.satchel.publisher.lock")
          .layer("publish")
          .definedBy("dev.satchel.publisher.publish")
          .layer("run")
          .definedBy("dev.satchel.publisher.run")
          .layer("http")
          .definedBy("dev.satchel.publisher.http")
          .layer("check")
          .definedBy("dev.satchel.publisher.check")
          .layer("wiring")
          .definedBy("dev.satchel.publisher.wiring")
          .layer("cli")
          .definedBy("dev.satchel.publisher.cli")
          .layer("main")
          .definedBy("dev.satchel.publisher")
          .whereLayer("text")
          .mayNotAccessAnyLayer()
          .whereLayer("time")
          .mayNotAccessAnyLayer()
          .whereLayer("kv")
          .mayNotAccessAnyLayer()
          .whereLayer("source")
          .mayNotAccessAnyLayer()
          .whereLayer("seed")
          .mayOnlyAccessLayers("source")
          .whereLayer("embedded")
          .mayOnlyAccessLayers("source")
          .whereLayer("store")
          .mayOnlyAccessLayers("text", "kv")
          .whereLayer("guard")
          .mayOnlyAccessLayers("text", "source")
          .whereLayer("lock")
          .mayOnlyAccessLayers("text", "time", "source")
          .whereLayer("publish")
          .mayOnlyAccessLayers("text", "time", "kv", "source", "store", "guard", "lock")
          .whereLayer("run")
          .mayOnlyAccessLayers("text", "time", "source", "store", "lock", "publish")
          .whereLayer("http")
          .mayOnlyAccessLayers("text", "kv", "store", "run")
          .whereLayer("check")
          .mayOnlyAccessLayers("text", "store")
          .whereLayer("wiring")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule readingUsersKnowsNothingOfPublishingThem =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.satchel.publisher.source",
              "dev.satchel.publisher.seed",
              "dev.satchel.publisher.embedded")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "dev.satchel.snapshot..",
                      "dev.satchel.kv..",
                      "dev.satchel.http..",
                      "dev.satchel.sdk..")
                  .and(not(simpleName("EnvVariables")))); // how every variable is read

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
  static final ArchRule onlyKvAndTheCheckOfAnAddressMakeCallsOverHttp =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.satchel.publisher.kv", "dev.satchel.publisher.check")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.ext.web.client..", "dev.satchel.http..", "java.net.http..");

  @ArchTest
  static final ArchRule thePublisherPublishesWithoutTheClientOfApplications =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.satchel.sdk..");

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
