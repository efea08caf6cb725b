package dev.satchel.benchmarks.decision;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of lines over two logarithmic axes or over time, or of bars, as wide as a README shows
 * it. Lines have the colours of Okabe and Ito, which people can distinguish whatever their colour
 * vision, and different markers and dashes.
 */
public final class Chart {
  private static final int WIDTH = 830;
  private static final int HEIGHT = 440;
  private static final int LEGEND_LINE_HEIGHT = 18;
  private static final Color[] COLOURS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x000000),
    new Color(0x8C8C00)
  };
  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.CROSS,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.PLUS,
    SeriesMarkers.RECTANGLE
  };
  private static final float[][] DASHES = {
    {1}, {9, 4}, {2, 4}, {12, 4, 2, 4}, {16, 5}, {5, 3}, {12, 4, 2, 4, 2, 4}, {1, 6}
  };

  /** A line of a chart. */
  public record Line(String name, List<double[]> points) {
    /** Creates a line without points. */
    public Line(String name) {
      this(name, new ArrayList<>());
    }

    /** Adds a point; both coordinates must be positive where the axes are logarithmic. */
    public Line at(double x, double y) {
      points.add(new double[] {x, y});
      return this;
    }
  }

  static final String USERS = "users (logarithmic)";
  private static final String NUMBER = "#,##0.######";

  private Chart() {}

  static void lines(Path file, String title, String x, String y, List<Line> lines)
      throws IOException {
    XYChart chart = chart(title, x, y, lines);
    AxesChartStyler style = chart.getStyler();
    style.setXAxisLogarithmic(true).setXAxisLogarithmicDecadeOnly(true);
    style.setMarkerSize(8);
    logarithmicY(style, lines);
    save(chart, file);
  }

  /** Draws lines over minutes, without markers, since each has many points. */
  public static void overTime(
      Path file, String title, String y, boolean isLogarithmic, List<Line> lines)
      throws IOException {
    XYChart chart = chart(title, "minutes", y, lines);
    AxesChartStyler style = chart.getStyler();
    style.setMarkerSize(0);
    style.setXAxisMin(0.0); // otherwise its ticks begin at the first sample
    style.setXAxisDecimalPattern("#,##0.#");
    if (isLogarithmic) {
      logarithmicY(style, lines);
    } else {
      style.setYAxisMin(0.0);
    }
    save(chart, file);
  }

  private static void logarithmicY(AxesChartStyler style, List<Line> lines) {
    style.setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(true);
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Line line : lines) {
      for (double[] point : line.points) {
        least = Math.min(least, point[1]);
        most = Math.max(most, point[1]);
      }
    }
    style.setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
    style.setYAxisMax(Math.pow(10, Math.ceil(Math.log10(most * 1.01))));
  }

  private static XYChart chart(String title, String x, String y, List<Line> lines) {
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT + LEGEND_LINE_HEIGHT * lines.size())
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    AxesChartStyler style = chart.getStyler();
    style(style);
    style.setXAxisDecimalPattern(NUMBER).setYAxisDecimalPattern(NUMBER);
    for (int i = 0; i < lines.size(); i++) {
      List<double[]> points = lines.get(i).points;
      XYSeries series =
          chart.addSeries(
              lines.get(i).name,
              points.stream().mapToDouble(point -> point[0]).toArray(),
              points.stream().mapToDouble(point -> point[1]).toArray());
      int look = i % COLOURS.length;
      series.setLineColor(COLOURS[look]);
      series.setMarker(MARKERS[(look + 3 * (i / COLOURS.length)) % MARKERS.length]);
      series.setMarkerColor(COLOURS[look]);
      series.setLineStyle(
          new BasicStroke(
              2.2f,
              BasicStroke.CAP_BUTT,
              BasicStroke.JOIN_ROUND,
              10,
              i == 0 ? null : DASHES[(look + 3 * (i / COLOURS.length)) % DASHES.length],
              0));
    }
    return chart;
  }

  static void bars(
      Path file, String title, String xTitle, String yTitle, List<String> names, List<Long> values)
      throws IOException {
    System.setProperty("java.awt.headless", "true");
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    style(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setLabelsPosition(0.5);
    chart.getStyler().setLabelsFontColorAutomaticEnabled(false);
    chart.getStyler().setLabelsFontColor(Color.WHITE);
    chart.getStyler().setLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    chart.getStyler().setAvailableSpaceFill(0.55);
    chart.getStyler().setYAxisDecimalPattern(NUMBER);
    chart.getStyler().setYAxisMin(0.0);
    chart
        .getStyler()
        .setYAxisMax(1.12 * values.stream().mapToLong(Long::longValue).max().orElse(1));
    chart.addSeries(yTitle, names, values).setFillColor(COLOURS[0]);
    save(chart, file);
  }

  private static void style(AxesChartStyler style) {
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setLegendPosition(Styler.LegendPosition.OutsideS);
    style.setLegendLayout(Styler.LegendLayout.Vertical);
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendSeriesLineLength(60);
    style.setLegendPadding(4);
    style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    style.setPlotGridLinesColor(new Color(0xDDDDDD));
    style.setChartTitleBoxVisible(false);
  }

  private static void save(org.knowm.xchart.internal.chartpart.Chart<?, ?> chart, Path file)
      throws IOException {
    BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG, 72);
  }
}
