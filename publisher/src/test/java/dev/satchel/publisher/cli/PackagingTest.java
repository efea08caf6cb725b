package dev.satchel.publisher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.satchel.publisher.Satchel;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.text.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What src/packaging says of Satchel is so. */
class PackagingTest {
  private static final Path PACKAGING = Path.of("src/packaging");
  private static final Pattern VARIABLE =
      Pattern.compile("\\b(SATCHEL|CLOUDFLARE|DATABASE)_[A-Z_]+\\b");

  @Test
  void everyVariableThatIsNamedIsASetting() throws IOException {
    Set<String> known = new HashSet<>();
    for (Setting<?> setting : Settings.all()) {
      known.add(setting.variable());
      if (setting.isSecret()) {
        known.add(setting.variable() + "_FILE");
      }
    }
    Map<String, Path> named = new TreeMap<>();
    for (Path file : files()) {
      VARIABLE
          .matcher(Files.readString(file))
          .results()
          .map(MatchResult::group)
          .forEach(variable -> named.put(variable, file));
    }

    assertThat(named)
        .isNotEmpty()
        .allSatisfy((variable, file) -> assertThat(known).contains(variable));
  }

  @Test
  void theDeploymentRunsAPublisherThatItsProbesServiceAndMonitorReach() throws IOException {
    JsonNode pod = manifest("run/deployment.yaml").at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");

    assertThat(Commands.names()).contains(container.at("/args/0").asText());
    String port = container.at("/ports/0/containerPort").asText();
    assertThat(variable(container, "SATCHEL_HTTP_PORT")).isEqualTo(port);
    assertThat(variable(container, "SATCHEL_HTTP_HOST")).isEqualTo("0.0.0.0");
    String name = container.at("/ports/0/name").asText();
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(container.at("/" + probe + "/httpGet/port").asText()).as(probe).isEqualTo(name);
    }
    assertThat(manifest("run/service.yaml").at("/spec/ports/0/targetPort").asText())
        .isEqualTo(name);
    assertThat(manifest("run/network.yaml").at("/spec/ingress/0/ports/0/port").asText())
        .isEqualTo(name);
    assertThat(manifest("monitoring/service-monitor.yaml").at("/spec/endpoints/0/port").asText())
        .isEqualTo(manifest("run/service.yaml").at("/spec/ports/0/name").asText());
    // it takes up to 25 s to end a write in flight
    assertThat(pod.at("/terminationGracePeriodSeconds").asInt()).isGreaterThan(25);
  }

  @Test
  void everySelectorFindsThePods() throws IOException {
    JsonNode labels = manifest("run/deployment.yaml").at("/spec/template/metadata/labels");

    assertThat(labels).isNotEmpty();
    assertThat(manifest("run/deployment.yaml").at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(manifest("run/disruption.yaml").at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(manifest("run/network.yaml").at("/spec/podSelector/matchLabels")).isEqualTo(labels);
    assertThat(manifest("run/service.yaml").at("/spec/selector")).isEqualTo(labels);
    assertThat(manifest("monitoring/service-monitor.yaml").at("/spec/selector/matchLabels"))
        .isEqualTo(manifest("run/service.yaml").at("/metadata/labels"));
  }

  @Test
  void theJobPublishesOnceAndDoesNotRepeatWhatCannotSucceed() throws IOException {
    JsonNode job = manifest("schedule/cronjob.yaml").at("/spec/jobTemplate/spec");

    assertThat(job.at("/template/spec/containers/0/args/0").asText()).isEqualTo("publish");
    assertThat(job.at("/podFailurePolicy/rules/0/onExitCodes/values").toString())
        .isEqualTo("[2,4]");
  }

  @Test
  void noContainerMayMoreThanItNeeds() throws IOException {
    for (String spec : List.of("run/deployment.yaml", "schedule/cronjob.yaml")) {
      JsonNode pod = manifest(spec).findValue("containers");
      JsonNode rights = pod.at("/0/securityContext");
      assertThat(rights.at("/readOnlyRootFilesystem").asBoolean()).as(spec).isTrue();
      assertThat(rights.at("/allowPrivilegeEscalation").asBoolean(true)).as(spec).isFalse();
      assertThat(pod.at("/0/volumeMounts/0/mountPath").asText()).as(spec).isEqualTo("/tmp");
      assertThat(manifest(spec).findValue("runAsNonRoot").asBoolean()).as(spec).isTrue();
    }
  }

  @Test
  @Timeout(180)
  void theContainersJavaPublishes(@TempDir Path folder) throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    assumeTrue(
        Files.isDirectory(home.resolve("jmods")), "no jmods here: the Java was not put together");
    Matcher modules =
        Pattern.compile("--add-modules (\\S+)")
            .matcher(Files.readString(PACKAGING.resolve("container/Dockerfile")));
    assertThat(modules.find()).isTrue();
    Path java = folder.resolve("java");
    said(
        Map.of(),
        home.resolve("bin/jlink").toString(),
        "--add-modules",
        modules.group(1),
        "--output",
        java.toString());

    try (var bench = Workbench.in(folder.resolve("kv"))) {
      bench.sql("INSERT INTO %s SELECT 'user-' || n, true, 'pro' FROM generate_series(1, 9) n");
      String said =
          said(
              bench.env(),
              java.resolve("bin/java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Satchel.class.getName(),
              "publish",
              "-v");

      assertThat(said).contains("published revision").doesNotContain("NoClassDefFoundError");
    }
  }

  private static String said(Map<String, String> env, String... command) throws Exception {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(env);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static String variable(JsonNode container, String name) {
    for (JsonNode variable : container.at("/env")) {
      if (variable.at("/name").asText().equals(name)) {
        return variable.at("/value").asText();
      }
    }
    throw new AssertionError("expected " + name + " in " + container);
  }

  private static JsonNode manifest(String name) throws IOException {
    return new ObjectMapper(new YAMLFactory())
        .readTree(PACKAGING.resolve("kubernetes").resolve(name).toFile());
  }

  private static List<Path> files() throws IOException {
    try (var all = Files.walk(PACKAGING)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
