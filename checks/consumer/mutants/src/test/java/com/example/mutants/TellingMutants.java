package com.example.mutants;

import java.util.List;

/** What may go wrong on the way to those who listen. */
final class TellingMutants {
    private TellingMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("no-meters", "Three sinks of four are told: the meters are forgotten.")
                        .in("Telling.java", ".sink(MicrometerSink.of(meters))", "")
                        .failing(
                                "TellingTest#everyPlaceIsToldTheSame",
                                "FanOutAssert.reachedEveryWitness",
                                "meters saw workflow.run.events{"),
                Mutant.of("no-traces", "The telemetry is forgotten.")
                        .in("Telling.java", ".sink(otel)", "")
                        .failing(
                                "TellingTest#everyPlaceIsToldTheSame",
                                "FanOutAssert.reachedEveryWitness",
                                "spans saw span of run telling-1, succeeded never, expected once"),
                Mutant.of("no-log-events", "The telemetry has spans and no log events.")
                        .in(
                                "Telling.java",
                                "OtelSink.of(telemetry)",
                                "OtelSink.builder(telemetry).logEvents(false).build()")
                        .failing(
                                "TellingTest#everyPlaceIsToldTheSame",
                                "FanOutAssert.reachedEveryWitness",
                                "log records saw telling-1:1 never, expected once"),
                Mutant.of("two-logs", "The log is told twice.")
                        .in("Telling.java", "events.sink(Slf4jSink.jsonMessage())", """
                        events.sink(Slf4jSink.jsonMessage())
                                .sink(Slf4jSink.jsonMessage())""")
                        .failing(
                                "TellingTest#everyPlaceIsToldTheSame",
                                "FanOutAssert.reachedEveryWitness",
                                "log saw telling-1:1 2 times, expected once"),
                Mutant.of("other-value", "The trail has another target than everybody else.")
                        .in(
                                "AuditTrail.java",
                                "EventJson.write(event)",
                                "EventJson.write(event).replace(\"prices.csv\", \"PRICES.CSV\")")
                        .failing(
                                "TellingTest#everyPlaceIsToldTheSame",
                                "FanOutAssert.reachedEveryWitness",
                                "audit says target=PRICES.CSV of telling-1:1, which says prices.csv"),
                Mutant.of("no-decisions", "The auditors do not hear of decisions.")
                        .in(
                                "AuditTrail.java",
                                "return true;",
                                "return type != dev.runledger.event.WorkflowRunEvent.RESUMED;")
                        .failing(
                                "TellingTest#theAuditorsAreToldEverything",
                                "FanOutAssert.reached",
                                "audit saw telling-1:4 never, expected once"),
                Mutant.of("line-by-hand", "The trail writes its lines by hand.")
                        .in(
                                "AuditTrail.java",
                                "EventJson.write(event)",
                                "\"{\\\"event\\\":\\\"%s\\\"}\".formatted(event.eventName())")
                        .failing(
                                "TellingTest#theAuditorsReadEvents",
                                "EventLines.assertThatIsEvent",
                                "not an event by the schema"),
                Mutant.of("late-trail", "The trail begins with the worker.")
                        .in("AuditTrail.java", "lines.append(line + \"\\n\");", """
                        if (event.type() != dev.runledger.event.WorkflowRunEvent.QUEUED) {
                            lines.append(line + "\\n");
                        }""")
                        .failing(
                                "TellingTest#theTrailBeginsAtTheBeginning",
                                "EventAssert.isOf",
                                "is workflow.run.running"),
                Mutant.of("no-echo", "Ends are not echoed.")
                        .in("Telling.java", "events.sink(Slf4jSink.jsonMessage())", """
                        events.echo(false)
                                .sink(Slf4jSink.jsonMessage())""")
                        .failing(
                                "TellingTest#anEndIsEchoed",
                                "RunAssert.isEchoed",
                                "an echo of its end, workflow.run.completed"),
                Mutant.of("short-queue", "The trail has room for too few events.")
                        .in("Telling.java", "EventSink.queued(audit, 1_000)", "EventSink.queued(audit, 64)")
                        .failing(
                                "TellingTest#theAuditorsMayBeSlow",
                                "DROPPED",
                                "was dropped by sink AuditTrail, which had no room for it"),
                Mutant.of("needs-a-target", "The trail cannot do without a target.")
                        .in("AuditTrail.java", "String line = EventJson.write(event);", """
                        String line = EventJson.write(event);
                        event.text(dev.runledger.event.EventField.TARGET).orElseThrow();""")
                        .failing("TellingTest#aReportHasNoTarget", "SINK_FAILED", "sink AuditTrail threw on events: 1"),
                Mutant.of("needs-a-tenant", "The carrier cannot do without a tenant.")
                        .in(
                                "TenantCarrier.java",
                                "return tenant().map(name -> Map.of(KEY, name)).orElse(Map.of());",
                                "return Map.of(KEY, TENANT.get());")
                        .failing("TellingTest#aTenantIsNotNeeded", "UNTOLD", "a context carrier threw"),
                Mutant.of("end-of-token", "The end of a token is told, whose beginning alone gives it away.")
                        .in("Imports.java", """
                        return ledger.dispatch(
                                        NewRun.of(WORKFLOW).target(file).trigger(trigger));""", """
                        return ledger.withFields(EventFields.of().put("form", form.substring(form.indexOf('_') + 1)))
                                .dispatch(NewRun.of(WORKFLOW).target(file).trigger(trigger));""")
                        .failing(
                                "TellingTest#theFormOfAnOrderIsNotInTheTrail",
                                "SecretCanary.isNowhereIn",
                                "the canary's token() can be read in: audit"));
    }
}
