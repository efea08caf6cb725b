package dev.satchel.publisher.http;

import dev.satchel.publisher.store.HistoryEntry;
import java.util.List;

/** The frame that all pages share. */
final class Frame {
  /** A link in the navigation. */
  private record Link(String path, String name) {}

  private static final List<Link> LINKS =
      List.of(
          new Link("/", "Overview"),
          new Link("/user", "Look up a user"),
          new Link("/compare", "Compare"));

  private Frame() {}

  /**
   * Returns a whole page.
   *
   * @param path of the page in the navigation
   */
  static Html page(String path, String title, About about, Html main) {
    var links = new Html();
    for (Link link : LINKS) {
      links.add(
          link.path().equals(path)
              ? "<a href=\"%s\" aria-current=\"page\">%s</a>\n"
              : "<a href=\"%s\">%s</a>\n",
          link.path(),
          link.name());
    }
    return Html.of(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s – Satchel</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/style.css">
        <script src="/page.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
        <a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><path
        d="M8 7V5.5A2.5 2.5 0 0 1 10.500 3h3A2.500 2.500 0 0 1 16 5.500V7h2.500A2.500 2.500 0 0 1 21 9.500v9A2.500
        2.500 0 0 1 18.500 21h-13A2.500 2.500 0 0 1 3 18.500v-9A2.500 2.500 0 0 1 5.500 7Zm2 0h4V5.500a.5.5 0 0
        0-.5-.5h-3a.5.5 0 0 0-.5.5Z"/></svg>Satchel</a>
        <nav aria-label="Pages">
        %s</nav>
        </header>
        <main id="main">
        %s</main>
        <footer>
        <p>%s, from %s</p>
        <p>All times are UTC. <a href="/health/ready">Health</a> · <a href="/metrics">Metrics</a></p>
        </footer>
        </body>
        </html>
        """,
        title, links, main, about.target(), about.source());
  }

  /** Returns a page that says in one line why there is no other. */
  static Html notice(String path, String title, About about, String words) {
    return page(
        path, title, about, Html.of("<h1>%s</h1>\n<p class=\"notice\">%s</p>\n", title, words));
  }

  /** Returns the options of a form's revision field, with the revision in use marked. */
  static Html options(List<HistoryEntry> revisions, long selected) {
    var options = new Html();
    for (HistoryEntry revision : revisions) {
      options.add(
          revision.revision() == selected
              ? "<option value=\"%s\" selected>%s</option>\n"
              : "<option value=\"%s\">%s</option>\n",
          revision.revision(),
          "%d · %s%s"
              .formatted(
                  revision.revision(),
                  Words.time(revision.publishedAt()),
                  revision.isInUse() ? " · in use" : ""));
    }
    return options;
  }
}
