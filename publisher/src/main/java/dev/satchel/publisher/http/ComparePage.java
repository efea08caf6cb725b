package dev.satchel.publisher.http;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.snapshot.FieldChange;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.UserChange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Compares two revisions. */
final class ComparePage {
  static final String PATH = "/compare";
  private static final int MAX_USERS = 100;

  private ComparePage() {}

  /** Returns the form, and the differences if two revisions were asked for. */
  static Html html(About about, List<HistoryEntry> revisions, Optional<SnapshotDiff> diff) {
    long newest = revisions.isEmpty() ? 0 : revisions.get(0).revision();
    long before = revisions.size() < 2 ? newest : revisions.get(1).revision();
    var main =
        Html.of(
            """
            <h1>Compare two revisions</h1>
            <form class="row card" method="get" action="/compare">
            <label>From <select name="a">
            %s</select></label>
            <label>To <select name="b">
            %s</select></label>
            <button>Compare</button>
            </form>
            """,
            Frame.options(revisions, diff.map(d -> d.before().revision()).orElse(before)),
            Frame.options(revisions, diff.map(d -> d.after().revision()).orElse(newest)));
    diff.ifPresent(d -> main.add("%s%s", summary(d), users(d)));
    return Frame.page(PATH, "Compare", about, main);
  }

  /** Shows how many users differ, in total and for each field. */
  static Html summary(SnapshotDiff diff) {
    var rows = new Html();
    for (String field : diff.fieldNames()) {
      int users = diff.changedByField().getOrDefault(field, 0);
      String note =
          !diff.before().fieldNames().contains(field)
              ? "new field"
              : diff.after().fieldNames().contains(field) ? "" : "removed field";
      rows.add(
          "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td>%s</td></tr>\n",
          field, Words.count(users), note);
    }
    return Html.of(
        """
        <section class="card" aria-labelledby="differs"><h2 id="differs">From %s to %s</h2>
        <dl class="facts">
        <div><dt>Users added</dt><dd>%s</dd></div>
        <div><dt>Users removed</dt><dd>%s</dd></div>
        <div><dt>Users changed</dt><dd>%s</dd></div>
        <div><dt>Users</dt><dd>%s<small>%s before</small></dd></div>
        </dl>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="differs"><table>
        <thead><tr><th scope="col">Field</th><th scope="col" class="n">Users for whom it changed</th>
        <td></td></tr></thead>
        <tbody>
        %s</tbody></table></div></section>
        """,
        diff.before().revision(),
        diff.after().revision(),
        Words.count(diff.added()),
        Words.count(diff.removed()),
        Words.count(diff.changed()),
        Words.count(diff.after().users()),
        Words.count(diff.before().users()),
        rows);
  }

  private static Html users(SnapshotDiff diff) {
    if (diff.isEmpty()) {
      return Html.of(
          "<p class=\"notice\">Both revisions have the same users with the same values.</p>\n");
    }
    var rows = new Html();
    diff.users().limit(MAX_USERS).forEach(change -> rows.add("%s", row(change)));
    long all = (long) diff.added() + diff.removed() + diff.changed();
    return Html.of(
        """
        <section class="card" aria-labelledby="users"><h2 id="users">Users</h2>
        <p class="counts">%s</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="users"><table>
        <thead><tr><th scope="col">User</th><th scope="col">What happened</th>
        <th scope="col">Fields</th></tr></thead>
        <tbody>
        %s</tbody></table></div></section>
        """,
        all > MAX_USERS
            ? "the first %d of %s".formatted(MAX_USERS, Words.count(all))
            : Words.count(all) + " in total",
        rows);
  }

  private static Html row(UserChange change) {
    var fields = new Html();
    if (change.kind() == UserChange.Kind.CHANGED) {
      for (FieldChange field : change.fields()) {
        fields.add(
            "<div class=\"value\">%s: <del>%s</del> → <ins>%s</ins></div>",
            field.field(), UserPage.json(field.before()), UserPage.json(field.after()));
      }
    }
    return Html.of(
        "<tr><th scope=\"row\">%s</th><td><span class=\"pill %s\">%s</span></td><td class=\"words\">%s</td></tr>\n",
        change.userId(),
        switch (change.kind()) {
          case ADDED -> "published";
          case REMOVED -> "refused";
          case CHANGED -> "unchanged";
        },
        change.kind().name().toLowerCase(Locale.ROOT),
        fields);
  }
}
