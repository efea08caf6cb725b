package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** No dependency comes in without a reason in a Markdown file, and none that went stays there. */
class DependenciesTest {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([\\w.-]+:[\\w.-]+)` \\| ([^|]+) \\| [^|]*[^| ][^|]* \\|$", Pattern.MULTILINE);

  @Test
  void aTableGivesAReasonForEachDependencyOfEachModule() throws Exception {
    Map<String, Set<String>> declared = new TreeMap<>();
    addDeclared("all", declared);
    for (String module : Modules.all()) {
      addDeclared(module, declared);
    }
    Map<String, Set<String>> told = new TreeMap<>();
    for (Path file : Figures.markdown(Modules.ROOT)) {
      ROW.matcher(Files.readString(file))
          .results()
          .forEach(row -> told.put(row.group(1), modules(row)));
    }

    assertThat(told).isEqualTo(declared);
  }

  /** The modules of a row such as {@code sdk, publisher; tests of all}. */
  private static Set<String> modules(MatchResult row) {
    var modules =
        new TreeSet<>(Arrays.asList(row.group(2).split("[,;] (tests of )?|tests of ", -1)));
    modules.removeAll(Arrays.asList("optional", ""));
    return modules;
  }

  private static void addDeclared(String module, Map<String, Set<String>> declared)
      throws Exception {
    Path pom = Modules.ROOT.resolve(module.equals("all") ? "." : module).resolve("pom.xml");
    Element project =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getDocumentElement();
    for (Element dependencies : children(project, "dependencies")) {
      for (Element dependency : children(dependencies, "dependency")) {
        String group = text(dependency, "groupId");
        if (!group.equals("dev.satchel")) {
          declared
              .computeIfAbsent(
                  group + ":" + text(dependency, "artifactId"), absent -> new TreeSet<>())
              .add(module);
        }
      }
    }
  }

  private static String text(Element parent, String name) {
    return children(parent, name).get(0).getTextContent().strip();
  }

  private static List<Element> children(Element parent, String name) {
    var found = new ArrayList<Element>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }
}
