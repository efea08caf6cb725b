package dev.satchel.publisher.http;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.snapshot.SnapshotDiff;

/** Asks twice before an earlier revision is published again. */
final class RollbackPage {
  static final String PATH = "/rollback";

  private RollbackPage() {}

  /** Returns the first question, which shows what would change. */
  static Html first(About about, HistoryEntry revision, SnapshotDiff diff) {
    return Frame.page(
        PATH,
        "Roll back",
        about,
        Html.of(
            """
            <h1>Roll back to revision %s?</h1>
            <p>It was published on %s with %s users. Its content is published again under a new revision, and
            the schedule is on hold until somebody resumes, so that the next run does not undo it. This is what
            every reader will see change:</p>
            %s
            <form class="row" method="get" action="/rollback">
            <input type="hidden" name="revision" value="%s">
            <input type="hidden" name="from" value="%s">
            <button>Continue</button> <a href="/">Cancel</a>
            </form>
            """,
            revision.revision(),
            Words.time(revision.publishedAt()),
            Words.count(revision.users()),
            ComparePage.summary(diff),
            revision.revision(),
            diff.before().revision()));
  }

  /** Returns the second question, which asks for the token. */
  static Html second(About about, long revision, long from) {
    return Frame.page(
        PATH,
        "Roll back",
        about,
        Html.of(
            """
            <h1>Roll back from %s to %s</h1>
            <p>This writes to production at once. If anything else was published in the meantime, nothing happens.</p>
            <form class="row card" method="post" action="/rollback">
            <input type="hidden" name="revision" value="%s">
            <input type="hidden" name="from" value="%s">
            <label>Reason, shown with the hold <input name="why" maxlength="160"
            autocomplete="off"></label>
            <label>Operator's token <input type="password" name="token" required
            autocomplete="off"></label>
            <button class="danger">Roll back to %s</button> <a href="/">Cancel</a>
            </form>
            """,
            from, revision, revision, from, revision));
  }
}
