package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.sink.Slf4jSink;
import dev.runledger.sink.Slf4jSink.Naming;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring Boot's own structured logging, which throws and loses a line over a key that stands in the MDC as well. */
class SpringBootTest {
    @ParameterizedTest
    @ValueSource(strings = {"ecs", "logstash"})
    void structuredLoggingHasTheFieldsAtTheTop(String format) {
        try (ConfigurableApplicationContext context = run(format)) {
            assertThat(context.isActive()).isTrue();
            List<String> lines = Scenario.lines(Slf4jSink.Mode.KEY_VALUES);
            assertThat(lines).hasSize(2);
            lines.forEach(line -> Scenario.assertThatItIsWhole(line, ""));
            assertThat(lines.get(1)).contains("IllegalStateException");
        }
    }

    @ParameterizedTest
    @CsvSource({"ecs,ECS", "ecs,ECS_EVENT", "logstash,ECS", "logstash,ECS_EVENT", "gelf,ECS", "gelf,ECS_EVENT"})
    void inANamingForIndexesEveryFormatWritesWhatAnIndexTakes(String format, Naming naming) {
        try (ConfigurableApplicationContext context = run(format)) {
            assertThat(context.isActive()).isTrue();
            Scenario.indexable("spring-boot-" + format, Slf4jSink.Mode.KEY_VALUES, naming);
        }
    }

    private static ConfigurableApplicationContext run(String format) {
        SpringApplication application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of(
                "logging.structured.format.console", format,
                "spring.main.banner-mode", "off",
                "logging.level.root", "warn",
                "logging.level.dev.runledger", "info"));
        return application.run();
    }

    /** An application without beans. */
    static class Nothing {}
}
