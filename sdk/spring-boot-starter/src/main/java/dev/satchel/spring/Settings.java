package dev.satchel.spring;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The settings of this application, as the SDK reads them. */
record Settings(Map<String, String> variables) {

  /**
   * The environment's variables, which an application without Spring would be told by, and over
   * them the properties.
   */
  static Settings of(ConfigurableEnvironment environment, SatchelProperties properties) {
    var variables = new HashMap<String, String>();
    PropertySource<?> source =
        environment
            .getPropertySources()
            .get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    if (source != null && source.getSource() instanceof Map<?, ?> map) {
      map.forEach((name, value) -> variables.put(String.valueOf(name), String.valueOf(value)));
    }
    return new Settings(Setting.variables(variables, properties));
  }

  /**
   * Has the SDK read them.
   *
   * @throws RefusedSettingsException that names the properties, if any are missing or malformed
   */
  <T> T read(Function<Map<String, String>, T> reader) {
    try {
      return reader.apply(variables);
    } catch (IllegalArgumentException e) {
      throw new RefusedSettingsException(Setting.inProperties(String.valueOf(e.getMessage())), e);
    }
  }

  /** Returns the names alone, because some values are secrets. */
  @Override
  public String toString() {
    return "Settings[" + variables.size() + " variables]";
  }
}
