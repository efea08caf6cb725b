package example;

import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whether a user gets the banner. */
@RestController
class Banner {
  private final BooleanField preview;

  Banner(ConfigClient configs) {
    preview = configs.booleanField("preview");
  }

  @GetMapping("/banner")
  String banner(@RequestParam("user") String user) {
    return user + "=" + preview.get(user, false);
  }
}
