package dev.satchel.demo;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.ClientStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The demo's HTML. Each page stands alone: no script, no font, no picture from elsewhere. */
final class Pages {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--back:#f5f6f8;--card:#fff;--ink:#1b1f26;--soft:#5a6472;
      --line:#e2e5ea}
      @media(prefers-color-scheme:dark){:root{--back:#14171c;--card:#1d2229;--ink:#e8ebf0;
      --soft:#9aa5b4;--line:#323944}}
      *{box-sizing:border-box}
      body{margin:0;padding:clamp(1rem,6vh,4rem) 1rem;background:var(--back);color:var(--ink);
      font:1rem/1.55 system-ui,sans-serif}
      main{max-width:40rem;margin:0 auto;padding:clamp(1.25rem,5vw,2.5rem);background:var(--card);
      border:1px solid var(--line);border-radius:1rem}
      h1{margin:0 0 .75rem;font-size:clamp(1.5rem,5vw,2rem);line-height:1.2}
      p{margin:0}
      .preview-banner{margin:0 0 1.5rem;padding:.9rem 1.1rem;background:#ffeb3b;color:#3a2f00;
      border-radius:.6rem;font-weight:600;text-align:center}
      dl{display:grid;grid-template-columns:max-content 1fr;margin:1.5rem 0 0}
      dt,dd{margin:0;padding:.6rem 0;border-top:1px solid var(--line)}
      dt{padding-right:1.5rem;color:var(--soft)}
      dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
      small{color:var(--soft);font-size:.875rem}
      .state{display:inline-block;padding:.2rem .75rem;border-radius:1rem;font-weight:600}
      .fresh{background:#c9f0d3;color:#0b4a1e}
      .stale{background:#ffe3a6;color:#5a3a00}
      .empty,.expired{background:#ffd2cf;color:#701410}
      """;

  /** Allows the style of these pages and nothing else to load. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'sha256-"
          + sha256(STYLE)
          + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Pages() {}

  /** Returns the page of the application, with the banner for users who have the preview. */
  static String welcome(boolean preview) {
    String banner =
        preview
            ? """
              <div class="preview-banner">🎉 You have early access to preview features! 🎉</div>
              """
            : "";
    return page(
        "My App",
        "",
        banner
            + """
            <h1>Welcome to My App</h1>
            <p>This is the regular content everyone sees.</p>
            """);
  }

  /** Returns the page that tells an operator what the application serves from. */
  static String status(ClientStatus status, Instant now) {
    var facts = new StringBuilder();
    fact(facts, "Revision", status.revision() == 0 ? "none" : Long.toString(status.revision()));
    fact(facts, "Users", String.format(Locale.ROOT, "%,d", status.users()));
    fact(
        facts,
        "Published",
        status.publishedAt() == null ? "never" : TIME.format(status.publishedAt()));
    fact(facts, "Age", status.publishedAt() == null ? "–" : age(status.publishedAt(), now));
    fact(facts, "Last checked", moment(status.lastChecked(), now));
    fact(facts, "Fetched", fetched(status));
    fact(facts, "In this state", "for " + age(status.since(), now));
    String failure = status.lastFailure();
    fact(facts, "Last failure", failure == null ? "none" : escape(failure));
    status.fieldMistakes().forEach(mistake -> fact(facts, "Mistake", escape(mistake)));
    return page(
        "Satchel status",
        "<meta http-equiv=\"refresh\" content=\"5\">",
        """
        <h1>Configuration data</h1>
        <p><span class="state %s">%s</span> %s</p>
        <dl>
        %s</dl>
        """
            .formatted(
                status.state().name().toLowerCase(Locale.ROOT),
                status.state().name(),
                meaning(status.state()),
                facts));
  }

  private static String fetched(ClientStatus status) {
    return switch (status.fetched()) {
      case NOTHING -> "nothing";
      case PATCH -> String.format(Locale.ROOT, "a patch of %,d bytes", status.fetchedBytes());
      case VALUE -> String.format(Locale.ROOT, "the whole value, %,d bytes", status.fetchedBytes());
    };
  }

  private static String meaning(ClientStatus.State state) {
    return switch (state) {
      case FRESH -> "The newest published snapshot is in use.";
      case STALE -> "The last good snapshot is in use; a newer one may exist.";
      case EXPIRED -> "The last good snapshot is too old to be trusted.";
      case EMPTY -> "No snapshot yet: every user gets the defaults.";
    };
  }

  private static void fact(StringBuilder facts, String name, String html) {
    facts.append("<dt>%s</dt><dd>%s</dd>\n".formatted(name, html));
  }

  private static String moment(@Nullable Instant then, Instant now) {
    return then == null
        ? "never"
        : "%s <small>(%s ago)</small>".formatted(TIME.format(then), age(then, now));
  }

  /**
   * Returns the age in its two largest units; a time in the future, which clocks that differ can
   * produce, counts as now.
   */
  static String age(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.isNegative()) {
      return "0 s";
    } else if (age.toDays() > 0) {
      return age.toDays() + " d " + age.toHoursPart() + " h";
    } else if (age.toHours() > 0) {
      return age.toHours() + " h " + age.toMinutesPart() + " min";
    } else if (age.toMinutes() > 0) {
      return age.toMinutes() + " min " + age.toSecondsPart() + " s";
    }
    return age.toSeconds() + " s";
  }

  /** Returns the text as HTML that is safe between tags and in quoted attributes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String page(String title, String head, String body) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    %s
    <title>%s</title>
    <link rel="icon" href="data:,">
    <style>%s</style>
    </head>
    <body>
    <main>
    %s</main>
    </body>
    </html>
    """
        .formatted(head, title, STYLE, body);
  }

  private static String sha256(String text) {
    String digest = Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest));
  }
}
