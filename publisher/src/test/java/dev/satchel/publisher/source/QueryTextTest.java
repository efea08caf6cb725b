package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        ";",
        " ;\n; ",
        " -- a remark; 'with' \"quotes\" $$",
        "; -- a remark\n; /* 'another */",
        "/* one /* in; */ another */ ; -- a remark",
      })
  void whatSurroundsTheStatementIsLeftOut(String end) {
    assertThat(QueryText.statement("\n SELECT 1" + end)).isEqualTo("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT '; -- '",
        "SELECT 'it''s; /* '",
        "SELECT E'it\\'s; -- '",
        "SELECT \"; -- \"",
        "SELECT $$; -- $$",
        "SELECT $a$ $$; -- $ä$ $a$",
        "SELECT a$b$, '; -- '",
        "SELECT type'\\', '; -- '",
        "SELECT 1; SELECT 2",
        "SELECT 1; -- one\n SELECT 2",
        "SELECT 1 /* without an end",
        "SELECT 1; /* /* without an end */",
        "SELECT 'without an end",
      })
  void whatBelongsToTheStatementStays(String query) {
    assertThat(QueryText.statement(query)).isEqualTo(query);
  }

  @Test
  void aRemarkAloneIsNoStatement() {
    assertThat(QueryText.statement("-- SELECT 1;")).isEmpty();
  }
}
