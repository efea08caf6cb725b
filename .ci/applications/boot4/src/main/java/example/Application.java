package example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A web application that shows a banner to whom the configuration says. */
@SpringBootApplication
public class Application {
  public static void main(String[] args) {
    var context = SpringApplication.run(Application.class, args);
    int code = context.getBean(Check.class).exitCode();
    System.exit(SpringApplication.exit(context, () -> code));
  }
}
