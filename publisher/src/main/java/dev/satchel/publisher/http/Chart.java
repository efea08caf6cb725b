package dev.satchel.publisher.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A number that stays constant between changes, drawn as SVG. */
final class Chart {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 200;
  private static final int LEFT = 58;
  private static final int RIGHT = 10;
  private static final int TOP = 12;
  private static final int BOTTOM = 44;
  private static final int LINES = 4;
  private static final int MAX_POINTS = 2_000;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** One change. */
  record Point(Instant at, double value) {}

  private final String name;
  private final DoubleFunction<String> label;
  private final List<Point> points;
  private final Instant from;
  private final Instant to;
  private final double top;

  /**
   * Creates a chart of at least one point.
   *
   * @param points oldest first
   * @param label formats a number for the axis
   */
  Chart(String name, List<Point> points, Instant now, DoubleFunction<String> label) {
    this.name = name;
    this.label = label;
    this.points =
        points.size() <= MAX_POINTS
            ? points
            : points.subList(points.size() - MAX_POINTS, points.size());
    this.from = this.points.get(0).at();
    Instant last = this.points.get(this.points.size() - 1).at();
    this.to = now.isAfter(last) ? now : last.plusMillis(1);
    this.top = roundedUp(this.points.stream().mapToDouble(Point::value).max().orElse(1));
  }

  /**
   * Returns the smallest of 1, 2, 4, 5, 8 or 10 times a power of ten that is not below the number.
   */
  static double roundedUp(double number) {
    if (number <= LINES) {
      return LINES;
    }
    double power = Math.pow(10, Math.floor(Math.log10(number)));
    for (double step : new double[] {1, 2, 4, 5, 8}) {
      if (number <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  Html svg() {
    var svg =
        Html.of(
            """
            <svg viewBox="0 0 %s %s" role="img" aria-label="%s">
            <title>%s</title>
            """,
            WIDTH,
            HEIGHT,
            "%s over time: first %s, now %s"
                .formatted(
                    name,
                    label.apply(points.get(0).value()),
                    label.apply(points.get(points.size() - 1).value())),
            name);
    for (int i = 0; i <= LINES; i++) {
      double value = top * i / LINES;
      String y = coordinate(y(value));
      svg.add(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          LEFT, WIDTH - RIGHT, y, y);
      svg.add(
          "<text class=\"tick\" text-anchor=\"end\" x=\"%s\" y=\"%s\">%s</text>\n",
          LEFT - 8, coordinate(y(value) + 4), label.apply(value));
    }
    svg.add(
        "<text class=\"tick\" x=\"%s\" y=\"%s\">%s</text>",
        LEFT, HEIGHT - BOTTOM + 18, moment(from));
    svg.add(
        "<text class=\"tick\" text-anchor=\"end\" x=\"%s\" y=\"%s\">now, %s</text>",
        WIDTH - RIGHT, HEIGHT - BOTTOM + 18, moment(to));
    svg.add(
        "<text class=\"axis\" text-anchor=\"middle\" x=\"%s\" y=\"%s\">time, UTC</text>\n",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6);
    String line = line();
    String bottom = coordinate(HEIGHT - BOTTOM);
    svg.add(
        "<path class=\"area\" d=\"M%s %sL%sL%s %sZ\"/>", LEFT, bottom, line, WIDTH - RIGHT, bottom);
    svg.add("<path class=\"line\" d=\"M%s\"/>\n</svg>\n", line);
    return svg;
  }

  /** Draws steps, since a revision is in use until the next one is. */
  private String line() {
    var path = new StringBuilder();
    double y = y(points.get(0).value());
    path.append(coordinate(x(points.get(0).at()))).append(' ').append(coordinate(y));
    for (Point point : points) {
      String x = coordinate(x(point.at()));
      path.append('L').append(x).append(' ').append(coordinate(y));
      y = y(point.value());
      path.append('L').append(x).append(' ').append(coordinate(y));
    }
    return path.append('L').append(WIDTH - RIGHT).append(' ').append(coordinate(y)).toString();
  }

  private double x(Instant at) {
    double share =
        Duration.between(from, at).toMillis()
            / (double) Math.max(1, Duration.between(from, to).toMillis());
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
  }

  private String moment(Instant at) {
    return Duration.between(from, to).toHours() < 24
        ? MINUTE.format(at)
        : DAY.format(at) + " " + MINUTE.format(at);
  }

  private static String coordinate(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
