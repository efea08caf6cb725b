package example;

import dev.satchel.sdk.ConfigClient;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

/** Whether a user gets the banner. */
@Path("/banner")
public class Banner {
  private final ConfigClient configs;

  Banner(ConfigClient configs) {
    this.configs = configs;
  }

  @GET
  public String banner(@QueryParam("user") String user) {
    return user + "=" + configs.getBoolean(user, "preview", false);
  }
}
