package dev.satchel.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.SnapshotMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aNumberStandsStillUntilTheNextChange() {
    var chart =
        new Chart(
            "Users",
            List.of(new Chart.Point(START, 2), new Chart.Point(START.plusSeconds(50), 4)),
            START.plusSeconds(100),
            number -> Words.number(number, 0));

    String svg = chart.svg().toString();

    // half way up to half way along, then all the way up to the end
    assertThat(svg).contains("d=\"M58.0 84.0L58.0 84.0L58.0 84.0L244.0 84.0L244.0 12.0L430 12.0\"");
    assertThat(svg).contains("Users over time: first 2, now 4", "time, UTC", "12:00", "12:01");
  }

  @Test
  void theAxisEndsAtARoundNumberThatIsNotBelowTheLargest() {
    assertThat(Chart.roundedUp(0)).isEqualTo(4);
    assertThat(Chart.roundedUp(4.1)).isEqualTo(5);
    assertThat(Chart.roundedUp(1_000)).isEqualTo(1_000);
    assertThat(Chart.roundedUp(1_001)).isEqualTo(2_000);
    assertThat(Chart.roundedUp(13_219_414)).isEqualTo(20_000_000);
    assertThat(Chart.roundedUp(8.1e9)).isEqualTo(1e10);
  }

  @Test
  void growthIsTheSlopeThroughAllRevisions() {
    List<HistoryEntry> newestFirst = new ArrayList<>();
    for (int hour = 10; hour >= 0; hour--) {
      newestFirst.add(revision(START.plus(Duration.ofHours(hour)), 1_000 + 3_600L * hour));
    }

    var growth = Growth.of(newestFirst).orElseThrow();

    assertThat(growth.bytesPerSecond()).isEqualTo(1, within(1e-9));
    assertThat(growth.until(1_000, 87_400)).contains(Duration.ofDays(1));
    assertThat(growth.until(90_000, 87_400)).contains(Duration.ZERO);
    assertThat(new Growth(-1).until(1, 2)).isEmpty();
    assertThat(new Growth(1e-9).until(1, 2_000_000)).isEmpty();
    assertThat(Growth.of(newestFirst.subList(0, 2))).isEmpty();
  }

  @Test
  void everyPlaceOfATemplateEscapesButForHtml() {
    assertThat(Html.of("<a href=\"%s\">%s</a>", "\"><x", Html.of("<b>%s</b>", "<&'\0")))
        .hasToString("<a href=\"&quot;&gt;&lt;x\"><b>&lt;&amp;&#39;\uFFFD</b></a>");
  }

  private static HistoryEntry revision(Instant at, long bytes) {
    return new HistoryEntry(
        new SnapshotMetadata(1, "", "", 1, bytes, at, 1, null, null, 0, null, null, null), false);
  }
}
