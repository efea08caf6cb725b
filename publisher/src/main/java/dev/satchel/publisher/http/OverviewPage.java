package dev.satchel.publisher.http;

import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page that shows whether all is well.
 *
 * @param revisions newest first
 * @param sections of the snapshot in use; empty if it cannot be opened
 * @param problem why something cannot be shown, or null
 */
record OverviewPage(
    About about,
    Ledger ledger,
    Readiness readiness,
    List<HistoryEntry> revisions,
    List<Section> sections,
    @Nullable String problem,
    long limitBytes,
    boolean mayWrite,
    Instant now) {
  private static final int MAX_RUNS = 20;
  private static final int MAX_REVISIONS = 30;

  Html html() {
    var main = new Html();
    Optional<HistoryEntry> inUse = inUse();
    double share = inUse.map(revision -> revision.bytes() / (double) limitBytes).orElse(0.0);
    Verdict verdict = Verdict.of(ledger, readiness, inUse, share, now);
    main.add("%s", verdict(verdict));
    if (problem != null) {
      main.add("<p class=\"notice\">%s</p>\n", problem);
    }
    if (inUse.isPresent()) {
      main.add("%s", facts(inUse.get()));
      if (inUse.get().isHeld()) {
        main.add("%s", held());
      }
      main.add("%s", overTime());
      main.add("%s", room(inUse.get(), share));
      if (!sections.isEmpty()) {
        main.add("%s", fieldTable(inUse.get()));
      }
    } else if (problem == null) {
      main.add("<p class=\"notice\">Nothing is published yet.</p>\n");
    }
    main.add("%s", runTable());
    if (!revisions.isEmpty()) {
      main.add("%s", revisionTable());
    }
    return Frame.page("/", verdict.title(), about, main);
  }

  private Optional<HistoryEntry> inUse() {
    return revisions.stream().filter(HistoryEntry::isInUse).findFirst();
  }

  private Html verdict(Verdict verdict) {
    return Html.of(
        """
        <section class="verdict %s">
        <svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="%s"/></svg>
        <div><h1>%s</h1>
        <p>%s</p></div>
        <p class="asof">as of <time datetime="%s">%s</time> <a href="/">Reload</a></p>
        </section>
        """,
        verdict.mood().name().toLowerCase(Locale.ROOT),
        switch (verdict.mood()) {
          case WELL -> "m7 12.500 3.500 3.500L17 9";
          case ATTENTION -> "M12 6.500v7M12 17v.1";
          case TROUBLE -> "m8 8 8 8M16 8l-8 8";
        },
        verdict.title(),
        verdict.why(),
        now,
        Words.time(now).substring(11));
  }

  private Html facts(HistoryEntry inUse) {
    var facts = new Html();
    fact(facts, "Revision in use", Long.toString(inUse.revision()), "");
    fact(
        facts,
        "Published",
        Words.age(inUse.publishedAt(), now) + " ago",
        Words.time(inUse.publishedAt()));
    fact(facts, "Users", Words.count(inUse.users()), "");
    fact(facts, "Size", Words.bytes(inUse.bytes()), Words.count(inUse.bytes()) + " bytes");
    fact(
        facts,
        "Last change",
        inUse.changeInWords(revisions.size() == 1),
        inUse.host().map(host -> "made on " + host).orElse(""));
    fact(
        facts,
        "Schedule",
        about.schedule(),
        "%s skipped since the start %s ago"
            .formatted(Words.count(ledger.skipped()), Words.age(ledger.startedAt(), now)));
    return Html.of("<dl class=\"facts\">\n%s</dl>\n", facts);
  }

  private static void fact(Html facts, String name, String value, String more) {
    facts.add("<div><dt>%s</dt><dd>%s<small>%s</small></dd></div>\n", name, value, more);
  }

  private Html held() {
    return Html.of(
        """
        <section class="card" aria-labelledby="held"><h2 id="held">On hold</h2>
        %s</section>
        """,
        mayWrite
            ? Html.of(
                """
                <p>What is in use stays, whatever the database says, until somebody resumes.</p>
                <form class="row" method="post" action="/resume">
                <label>Operator's token <input type="password" name="token" required autocomplete="off"></label>
                <button>Resume the schedule</button>
                </form>
                """)
            : Html.of("<p>Resume on the command line: <code>satchel resume</code></p>\n"));
  }

  private Html overTime() {
    List<HistoryEntry> oldestFirst = new ArrayList<>(revisions);
    Collections.reverse(oldestFirst);
    var users =
        new Chart(
            "Users",
            oldestFirst.stream()
                .map(revision -> new Chart.Point(revision.publishedAt(), revision.users()))
                .toList(),
            now,
            Words::compact);
    var bytes =
        new Chart(
            "Size in bytes",
            oldestFirst.stream()
                .map(revision -> new Chart.Point(revision.publishedAt(), revision.bytes()))
                .toList(),
            now,
            Words::compact);
    return Html.of(
        """
        <div class="pair">
        <figure class="card"><figcaption>Users</figcaption>
        %s</figure>
        <figure class="card"><figcaption>Size in bytes</figcaption>
        %s</figure>
        </div>
        """,
        users.svg(), bytes.svg());
  }

  private Html room(HistoryEntry inUse, double share) {
    String fits =
        inUse.users() == 0 || inUse.bytes() >= limitBytes
            ? ""
            : "About %s more users like these fit. "
                .formatted(
                    Words.count(
                        (long)
                            ((limitBytes - inUse.bytes())
                                / (inUse.bytes() / (double) inUse.users()))));
    return Html.of(
        """
        <section class="card" aria-labelledby="room"><h2 id="room">Room</h2>
        <p class="big">%s <small>of %s in use</small></p>
        %s
        <p>%s%s</p>
        </section>
        """,
        Words.percent(share),
        Words.bytes(limitBytes),
        bar(share, true),
        fits,
        Growth.of(revisions)
            .map(growth -> growth(growth, inUse))
            .orElse("The history is too short to estimate the growth."));
  }

  private String growth(Growth growth, HistoryEntry inUse) {
    Optional<Duration> full = growth.until(inUse.bytes(), limitBytes);
    if (full.isEmpty()) {
      return "At the present rate of growth it will not be full within ten years.";
    }
    Instant when = now.plus(full.get());
    return "It grows by %s a day; at this pace it is full in %s, on %s."
        .formatted(
            Words.bytes(Math.round(growth.bytesPerSecond() * 86_400)),
            Words.duration(full.get()),
            Words.time(when).substring(0, 10));
  }

  private static Html bar(double share, boolean mayBeTooFull) {
    double shown = 100 * Math.min(1, Math.max(0, share));
    return Html.of(
        """
        <svg class="bar %s" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="back" width="100" height="4"/><rect class="front" width="%s" height="4"/></svg>
        """,
        mayBeTooFull && share > Verdict.NEARLY_FULL ? "attention" : "well",
        String.format(Locale.ROOT, "%.2f", shown > 0 ? Math.max(0.5, shown) : 0));
  }

  private Html fieldTable(HistoryEntry inUse) {
    var rows = new Html();
    long all = Math.max(1, sections.stream().mapToLong(Section::valueBytes).sum());
    for (Section section : sections) {
      double share = section.valueBytes() / (double) all;
      rows.add(
          """
          <tr><th scope="row">%s</th><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td>
          <td class="n">%s</td><td class="barcell">%s</td></tr>
          """,
          section.name(),
          Words.count(section.valueBytes()),
          inUse.users() == 0 ? "–" : Words.number(8.0 * section.valueBytes() / inUse.users(), 2),
          Words.count(section.openedBytes()),
          Words.percent(share),
          bar(share, false));
    }
    return Html.of(
        """
        <section class="card" aria-labelledby="costs"><h2 id="costs">What each field costs</h2>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="costs"><table>
        <thead><tr><th scope="col">Field</th><th scope="col" class="n">Bytes published</th>
        <th scope="col" class="n">Bits a user</th><th scope="col" class="n">Bytes opened</th>
        <th scope="col" class="n">Share</th><td></td></tr></thead>
        <tbody>
        %s</tbody></table></div></section>
        """,
        rows);
  }

  private Html runTable() {
    var rows = new Html();
    for (Run run : ledger.runs().stream().limit(MAX_RUNS).toList()) {
      var stages = new Html();
      run.seconds()
          .forEach(
              (stage, seconds) ->
                  stages.add("<span>%s&nbsp;%s</span> ", stage, Words.number(seconds, 2)));
      rows.add(
          """
          <tr><td><time datetime="%s">%s</time></td><td><span class="pill %s">%s</span></td>
          <td>%s</td><td class="n">%s&nbsp;s</td><td class="stages">%s</td><td class="words">%s</td></tr>
          """,
          run.beganAt(),
          Words.time(run.beganAt()),
          run.outcome().name().toLowerCase(Locale.ROOT),
          run.outcome().name().toLowerCase(Locale.ROOT),
          run.trigger().name().toLowerCase(Locale.ROOT),
          Words.number(run.allSeconds(), 2),
          stages,
          inWords(run));
    }
    return Html.of(
        """
        <section class="card" aria-labelledby="runs"><h2 id="runs">Last runs</h2>
        <p class="counts">%s published · %s unchanged · %s held · %s refused · %s failed since the start</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="runs"><table>
        <thead><tr><th scope="col">Began</th><th scope="col">Outcome</th><th scope="col">Why</th>
        <th scope="col" class="n">Took</th><th scope="col" class="stages">Stages, seconds</th>
        <th scope="col">In words</th></tr></thead>
        <tbody>
        %s</tbody></table></div></section>
        """,
        Words.count(ledger.count(Run.Outcome.PUBLISHED)),
        Words.count(ledger.count(Run.Outcome.UNCHANGED)),
        Words.count(ledger.count(Run.Outcome.HELD)),
        Words.count(ledger.count(Run.Outcome.REFUSED)),
        Words.count(ledger.count(Run.Outcome.FAILED)),
        rows);
  }

  /** Returns the run's words without what the other columns show. */
  private static String inWords(Run run) {
    return run.outcome().isGood() && run.revision() != 0 && run.outcome() != Run.Outcome.HELD
        ? "%s users, %s bytes%s%s, revision %d"
            .formatted(
                Words.count(run.users()),
                Words.count(run.bytes()),
                patch(run),
                pairs(run),
                run.revision())
        : run.words();
  }

  /** Returns the patch that the run has made. What was in use already may have one too. */
  private static String patch(Run run) {
    return run.outcome() == Run.Outcome.PUBLISHED && run.patchBytes() != 0
        ? ", a patch of %s bytes".formatted(Words.count(run.patchBytes()))
        : "";
  }

  private static String pairs(Run run) {
    return run.pairs().areNone() ? "" : ", pairs: " + run.pairs().inWords();
  }

  private Html revisionTable() {
    var rows = new Html();
    for (int i = 0; i < Math.min(MAX_REVISIONS, revisions.size()); i++) {
      HistoryEntry revision = revisions.get(i);
      var actions = new Html();
      if (i + 1 < revisions.size()) {
        actions.add(
            "<a href=\"/compare?a=%s&amp;b=%s\">What changed</a>",
            revisions.get(i + 1).revision(), revision.revision());
      }
      if (mayWrite && !revision.isInUse()) {
        actions.add(" <a href=\"/rollback?revision=%s\">Roll back…</a>", revision.revision());
      }
      rows.add(
          """
          <tr><th scope="row"><span class="number">%s</span>%s</th><td><time datetime="%s">%s</time></td><td class="n">%s</td>
          <td class="n">%s</td><td class="n">%s</td><td class="changed">%s</td><td>%s</td><td class="actions">%s</td></tr>
          """,
          revision.revision(),
          revision.isInUse()
              ? Html.of(" <span class=\"pill published\">in use</span>")
              : new Html(),
          revision.publishedAt(),
          Words.time(revision.publishedAt()),
          Words.count(revision.users()),
          Words.count(revision.bytes()),
          revision.patchBytes().map(Words::count).orElse("–"),
          revision.changeInWords(i + 1 == revisions.size())
              + (revision.isRollback() ? " · rolled back to " + revision.rolledBackTo() : "")
              + revision.pairs().map(pairs -> " · pairs: " + pairs.inWords()).orElse(""),
          revision.host().orElse("–"),
          actions);
    }
    return Html.of(
        """
        <section class="card" aria-labelledby="revisions"><h2 id="revisions">Revisions</h2>
        <p class="counts">%s kept%s</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="revisions"><table>
        <thead><tr><th scope="col">Revision</th><th scope="col">Published</th>
        <th scope="col" class="n">Users</th><th scope="col" class="n">Bytes</th>
        <th scope="col" class="n">Patch, bytes</th><th scope="col">Changed</th><th scope="col">Made on</th><td></td></tr></thead>
        <tbody>
        %s</tbody></table></div>
        %s</section>
        """,
        Words.count(revisions.size()),
        revisions.size() > MAX_REVISIONS ? ", the newest " + MAX_REVISIONS + " shown" : "",
        rows,
        mayWrite
            ? new Html()
            : Html.of(
                "<p class=\"counts\">Rolling back from this page needs <code>SATCHEL_OPERATOR_TOKEN</code>"
                    + " to be set; <code>satchel rollback REVISION</code> works without it.</p>\n"));
  }
}
