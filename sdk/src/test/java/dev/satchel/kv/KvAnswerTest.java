package dev.satchel.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class KvAnswerTest {
  @Test
  void anyMetadataThatFitIntoWorkersKvAreReadAndHideNoOthers() {
    String longest = "{\"n\":" + "7".repeat(KvLimits.MAX_METADATA_BYTES - 6) + "}";
    String deepest = "{\"n\":" + "[".repeat(509) + "]".repeat(509) + "}";
    String body =
        "{\"success\":true,\"errors\":[],\"result\":[{\"name\":\"a\",\"metadata\":"
            + longest
            + "},{\"name\":\"b\",\"metadata\":"
            + deepest
            + "},{\"name\":\"c\",\"metadata\":{\"n\":1e999999}},{\"name\":\"d\"}]}";

    ObjectNode envelope =
        Objects.requireNonNull(
            new KvAnswer(new HttpAnswer(200, Map.of(), body.getBytes(StandardCharsets.UTF_8), true))
                .envelope());

    assertThat(KvAnswer.asMap(envelope).get("result"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(4);
  }
}
