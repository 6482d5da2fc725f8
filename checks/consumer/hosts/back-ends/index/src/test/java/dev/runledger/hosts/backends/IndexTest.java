package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Indexes the lines that every back end printed: into an empty index, and beside ordinary documents of ECS, in both orders; with the
 * index template and without it.
 */
class IndexTest {
    private static final Path TEMPLATE = Path.of("../../../../../docs/index-template.json");
    private static final String ECS = """
            {"@timestamp":"2026-11-25T10:00:00.000Z","ecs":{"version":"8.11"},"message":"signed in","log":{"level":"INFO",\
            "logger":"a.B"},"process":{"pid":7,"thread":{"name":"main"}},"service":{"name":"bot"},"host":{"name":"h-1"},\
            "user":{"name":"ada","id":"7"},"event":{"action":"sign-in","kind":"event","dataset":"bot.log","id":"e-7",\
            "category":["authentication"],"outcome":"success","duration":1500000,"sequence":1,"reason":"asked"},\
            "error":{"type":"a.B","message":"m","stack_trace":"s","code":"7"},"trace":{"id":"t"},"labels":{"team":"a"}}
            """;

    /** A target that an index without the template takes for a date, and no other target afterwards. */
    private static final String DATE = "\"2026-11-25\"";

    @TempDir
    private static Path folder;

    private static OpenSearchRunner server;
    private static HttpClient client;
    private static String url;
    private static int indexes;

    @BeforeAll
    static void start() throws Exception {
        server = new OpenSearchRunner();
        server.build(OpenSearchRunner.newConfigs()
                .basePath(folder.resolve("opensearch").toString())
                .clusterName("lines")
                .disableESLogger()
                .numOfNode(1));
        server.ensureYellow();
        url = "http://127.0.0.1:" + server.getNode(0).settings().get("http.port") + "/";
        client = HttpClient.newHttpClient();
        HttpResponse<String> made = send("PUT", "_index_template/runledger", Files.readString(TEMPLATE));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        server.clean();
    }

    static List<Path> printed() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(".."), 4)) {
            return all.filter(file -> file.getFileName().toString().endsWith(".ndjson"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyBackEndHasPrintedItsLines() throws IOException {
        assertThat(printed())
                .extracting(file -> file.getFileName().toString())
                .contains(
                        "ecs-encoder.ECS.ndjson",
                        "log4j-ecs.ECS.ndjson",
                        "logstash-encoder.ECS.ndjson",
                        "logstash-encoder-8.ECS.ndjson",
                        "message.ECS.ndjson",
                        "spring-boot-ecs.ECS.ndjson",
                        "spring-boot-gelf.ECS.ndjson",
                        "spring-boot-logstash.ECS.ndjson")
                .hasSize(22); // in two namings, and Spring Boot in two versions
    }

    @ParameterizedTest
    @MethodSource("printed")
    void theLinesAreTakenByAnEmptyIndex(Path file) throws Exception {
        assertThatAllAreTaken(Files.readAllLines(file));
    }

    @ParameterizedTest
    @MethodSource("printed")
    void theLinesAreTakenBesideOrdinaryDocumentsInBothOrders(Path file) throws Exception {
        List<String> after = new ArrayList<>(List.of(ECS.strip()));
        after.addAll(Files.readAllLines(file));
        List<String> before = new ArrayList<>(Files.readAllLines(file));
        before.add(ECS.strip());
        if (file.getFileName().toString().startsWith("spring-boot-gelf")) {
            // GELF has a host that is a text: whatever else is logged in GELF, it is not beside ECS
            after.set(0, after.get(0).replace("\"host\":{\"name\":\"h-1\"},", ""));
            before.set(before.size() - 1, after.get(0));
        }
        assertThatAllAreTaken(after);
        assertThatAllAreTaken(before);
    }

    @Test
    void theLinesOfAllBackEndsAreTakenTogetherAndFoundByTheirFields() throws Exception {
        String index = "runledger-all";
        for (Path file : printed()) {
            boolean encoders = !file.getFileName().toString().contains("gelf");
            for (String line : encoders ? Files.readAllLines(file) : List.<String>of()) {
                assertThatItIsTaken(index, line);
            }
        }
        assertThat(send("POST", index + "/_refresh", "").statusCode()).isEqualTo(200);
        String found = send(
                        "GET",
                        index + "/_count?q=runledger.event:%22workflow.run.failed%22+AND+runledger.duration_ms:%3E1000",
                        "")
                .body();
        assertThat(found).contains("\"count\":18");
    }

    @Test
    void withoutTheTemplateTheFirstTargetDecidesWhatTargetsAre() throws Exception {
        List<String> lines = Files.readAllLines(printed().get(0));
        assertThat(lines.get(0)).contains(DATE);
        assertThat(send("POST", "untyped/_doc", lines.get(0)).statusCode()).isEqualTo(201);
        HttpResponse<String> response = send("POST", "untyped/_doc", lines.get(1));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("runledger.target] of type [date]");
    }

    private static void assertThatAllAreTaken(List<String> documents) throws Exception {
        for (String document : documents) {
            assertThatItIsTaken("runledger-" + indexes, document);
            if (!document.contains(DATE)) {
                assertThatItIsTaken("plain-" + indexes, document);
            }
        }
        indexes++;
    }

    private static void assertThatItIsTaken(String index, String document) throws Exception {
        HttpResponse<String> response = send("POST", index + "/_doc", document);
        assertThat(response.statusCode())
                .as("%s%nfor %s", response.body(), document)
                .isEqualTo(201);
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
