package dev.satchel.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.run.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The operator's page in a real browser. */
@Timeout(120)
class OperatorPageTest {
  private static final String OVERFLOW =
      "document.documentElement.scrollWidth > document.documentElement.clientWidth";

  /** Set by whoever wants to look at the pages: a folder for pictures. */
  private static final String PICTURES = System.getProperty("satchel.pictures", "");

  @Test
  void anOperatorSeesLooksUpComparesAndRollsBack(@TempDir Path folder) throws Exception {
    var program = Chromium.program();
    assumeTrue(program.isPresent(), "no chromium on the PATH: the operator's page was not opened");
    try (var bench = Workbench.in(folder.resolve("kv"));
        var publisher = publisher(bench);
        var browser = Chromium.start(program.get(), folder.resolve("profile"))) {
      String url = publisher.port.url();

      Set<Object> backgrounds = new HashSet<>();
      for (int width : new int[] {1280, 390}) {
        for (String colours : new String[] {"light", "dark"}) {
          browser.show(width, 844, colours);
          for (String path :
              new String[] {"", "user?id=alice", "user/history?id=alice", "compare"}) {
            browser.open(url + path);
            assertThat(browser.evaluate(OVERFLOW)).as("%s at %d", path, width).isEqualTo(false);
            picture(
                browser,
                "%s-%d-%s"
                    .formatted(path.replaceAll("\\?.*", "").replace('/', '-'), width, colours));
          }
          backgrounds.add(browser.evaluate("getComputedStyle(document.body).backgroundColor"));
        }
      }
      assertThat(backgrounds).hasSize(2);

      browser.show(1280, 844, "light");
      browser.open(url);
      assertThat(browser.evaluate("document.querySelector('h1').textContent"))
          .isEqualTo("All is well");
      assertThat(browser.evaluate("document.querySelectorAll('figure svg .line').length"))
          .isEqualTo(2);

      lookUpByKeyboard(browser);
      compare(browser, url);
      rollBackAndResume(browser, url, publisher);

      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static OperatedPublisher publisher(Workbench bench) throws Exception {
    bench.sql("INSERT INTO %s SELECT 'user-' || n, n < 100, 'free' FROM generate_series(1, 400) n");
    var publisher = new OperatedPublisher(bench, Map.of());
    bench.sql("UPDATE %s SET plan = 'team', preview = NULL WHERE id = 'alice'");
    publisher.run();
    for (int round = 1; round <= 3; round++) {
      bench.sql(
          "INSERT INTO %%s SELECT 'more-%1$d-' || n, true, 'pro' FROM generate_series(1, %1$d00) n"
              .formatted(round));
      publisher.run();
    }
    publisher.run();
    return publisher;
  }

  private static void lookUpByKeyboard(Chromium browser) throws Exception {
    browser.evaluate("document.querySelector('nav a[href=\"/user\"]').focus()");
    browser.press("Enter", 13, "\r");
    browser.until("document.activeElement?.name === 'id'"); // the field has the focus at once
    browser.type("ünï");
    browser.press("Enter", 13, "\r");
    browser.until("document.querySelector('#found')?.textContent === 'ünï'");
    assertThat((String) browser.evaluate("document.querySelector('main').innerText"))
        .contains("\"a\\\"b\"", "null");
    click(browser, "At which revisions did it change?");
    browser.until("document.querySelector('#changes')?.textContent === 'ünï'");
    assertThat((String) browser.evaluate("document.querySelector('main').innerText"))
        .contains("as far back as copies reach", "\"a\\\"b\"");
  }

  private static void compare(Chromium browser, String url) throws Exception {
    browser.open(url);
    click(browser, "What changed");
    browser.until("location.pathname === '/compare' && !!document.querySelector('#users')");
    assertThat((String) browser.evaluate("document.querySelector('main').innerText"))
        .contains("Users added", "300", "more-3-1", "the first 100 of 300");
  }

  private static void rollBackAndResume(Chromium browser, String url, OperatedPublisher publisher)
      throws Exception {
    browser.open(url);
    click(browser, "Roll back…");
    browser.until("document.querySelector('h1')?.textContent.startsWith('Roll back to revision')");
    picture(browser, "first-question");
    click(browser, "Continue");
    browser.until("!!document.querySelector('input[name=token]')");
    picture(browser, "second-question");
    browser.evaluate("document.querySelector('input[name=why]').focus()");
    browser.type("bad import");
    browser.evaluate("document.querySelector('input[name=token]').focus()");
    browser.type(OperatedPublisher.TOKEN);
    browser.press("Enter", 13, "\r");
    browser.until(
        "location.pathname === '/' && document.querySelector('h1')?.textContent === 'On hold'");
    picture(browser, "held");
    assertThat((String) browser.evaluate("document.querySelector('main').innerText"))
        .contains("bad import");
    browser.evaluate("document.querySelector('input[name=token]').focus()");
    browser.type(OperatedPublisher.TOKEN);
    click(browser, "Resume the schedule");
    browser.until("document.querySelector('h1')?.textContent === 'All is well'");
    assertThat(publisher.run().outcome()).isEqualTo(Run.Outcome.PUBLISHED);
  }

  private static void click(Chromium browser, String text) {
    assertThat(
            browser.evaluate(
                "(() => { const e = [...document.querySelectorAll('a, button')].find(e =>"
                    + " e.textContent === '%s'); e?.click(); return !!e })()".formatted(text)))
        .as(text)
        .isEqualTo(true);
  }

  private static void picture(Chromium browser, String name) throws Exception {
    if (!PICTURES.isEmpty()) {
      Files.write(
          Files.createDirectories(Path.of(PICTURES)).resolve("page" + name + ".png"),
          browser.picture());
    }
  }
}
