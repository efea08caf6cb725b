package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockTest {
  @Test
  void showsThreeDigitsOrWholeNumbers() {
    assertThat(Block.number(1_234_567.8)).isEqualTo("1,234,568");
    assertThat(Block.number(61.449)).isEqualTo("61.4");
    assertThat(Block.number(1.2345)).isEqualTo("1.23");
    assertThat(Block.number(0.0449)).isEqualTo("0.045");
    assertThat(Block.number(0)).isEqualTo("0");
    assertThat(Block.number(2)).isEqualTo("2");
  }
}
