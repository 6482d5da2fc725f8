package com.example.mutants;

import java.util.List;

/** What may go wrong on the way to those who listen. */
final class ListenersMutants {
    private ListenersMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("no-meters", "The meters are forgotten: three sinks of four are left.")
                        .in("Listeners.java", ".sink(MicrometerSink.of(meters))", "")
                        .failing(
                                "ListenersTest#everyPlaceHasTheSameEvents",
                                "FanOutAssert.reachedEveryWitness",
                                "meters saw workflow.run.events{"),
                Mutant.of("no-traces", "The telemetry is forgotten.")
                        .in("Listeners.java", ".install(OtelPlugin.of(telemetry))", "")
                        .failing(
                                "ListenersTest#everyPlaceHasTheSameEvents",
                                "FanOutAssert.reachedEveryWitness",
                                "spans saw span of run listeners-1, succeeded never, expected once"),
                Mutant.of("no-log-events", "The telemetry has spans and no log events.")
                        .in(
                                "Listeners.java",
                                "OtelPlugin.of(telemetry)",
                                "OtelPlugin.builder(telemetry).logEvents(false).build()")
                        .failing(
                                "ListenersTest#everyPlaceHasTheSameEvents",
                                "FanOutAssert.reachedEveryWitness",
                                "log records saw listeners-1:1 never, expected once"),
                Mutant.of("two-logs", "The log has two sinks.")
                        .in("Listeners.java", "ledger.sink(Slf4jSink.jsonMessage())", """
                        ledger.sink(Slf4jSink.jsonMessage())
                                .sink(Slf4jSink.jsonMessage())""")
                        .failing(
                                "ListenersTest#everyPlaceHasTheSameEvents",
                                "FanOutAssert.reachedEveryWitness",
                                "log saw listeners-1:1 2 times, expected once"),
                Mutant.of("other-value", "The trail has another target than everybody else.")
                        .in(
                                "AuditTrail.java",
                                "EventJson.write(event)",
                                "EventJson.write(event).replace(\"prices.csv\", \"PRICES.CSV\")")
                        .failing(
                                "ListenersTest#everyPlaceHasTheSameEvents",
                                "FanOutAssert.reachedEveryWitness",
                                "audit says target=PRICES.CSV of listeners-1:1, which says prices.csv"),
                Mutant.of("no-decisions", "The auditors do not hear of decisions.")
                        .in("AuditTrail.java", "String line = EventJson.write(event);", """
                        if (event.type() == dev.runledger.event.WorkflowRunEvent.RESUMED) {
                            return;
                        }
                        String line = EventJson.write(event);""")
                        .failing(
                                "ListenersTest#theAuditorsHaveEveryEvent",
                                "FanOutAssert.reached",
                                "audit saw listeners-1:4 never, expected once"),
                Mutant.of("line-by-hand", "The trail writes its lines by hand.")
                        .in(
                                "AuditTrail.java",
                                "EventJson.write(event)",
                                "\"{\\\"event\\\":\\\"%s\\\"}\".formatted(event.eventName())")
                        .failing(
                                "ListenersTest#theAuditorsReadEvents",
                                "EventLines.assertThatIsEvent",
                                "not an event by the schema"),
                Mutant.of("late-trail", "The trail begins with the worker.")
                        .in("AuditTrail.java", "lines.append(line + \"\\n\");", """
                        if (event.type() != dev.runledger.event.WorkflowRunEvent.QUEUED) {
                            lines.append(line + "\\n");
                        }""")
                        .failing(
                                "ListenersTest#theTrailBeginsAtTheBeginning",
                                "EventAssert.isOf",
                                "is workflow.run.running"),
                Mutant.of("no-echo", "Ends are not echoed.")
                        .in("Listeners.java", "ledger.sink(Slf4jSink.jsonMessage())", """
                        ledger.echo(false)
                                .sink(Slf4jSink.jsonMessage())""")
                        .failing(
                                "ListenersTest#anEndIsEchoed",
                                "RunAssert.isEchoed",
                                "an echo of its end, workflow.run.completed"),
                Mutant.of("short-queue", "The trail has room for too few events.")
                        .in("Listeners.java", "EventSink.queued(audit, 1_000)", "EventSink.queued(audit, 64)")
                        .failing(
                                "ListenersTest#theAuditorsMayBeSlow",
                                "DROPPED",
                                "was dropped by sink AuditTrail, which had no room for it"),
                Mutant.of("needs-a-target", "The trail cannot do without a target.")
                        .in("AuditTrail.java", "String line = EventJson.write(event);", """
                        String line = EventJson.write(event);
                        event.text(dev.runledger.event.EventField.TARGET).orElseThrow();""")
                        .failing(
                                "ListenersTest#aReportHasNoTarget",
                                "SINK_FAILED",
                                "sink AuditTrail threw on events: 1"),
                Mutant.of("needs-a-tenant", "The carrier cannot do without a tenant.")
                        .in(
                                "TenantCarrier.java",
                                "return tenant().map(name -> Map.of(KEY, name)).orElse(Map.of());",
                                "return Map.of(KEY, TENANT.get());")
                        .failing(
                                "ListenersTest#aTenantIsNotNeeded",
                                "EMISSION_FAILED",
                                "a context carrier or an interceptor threw"),
                Mutant.of("end-of-token", "The end of a token is emitted; only its beginning would have given it away.")
                        .in(
                                "Imports.java",
                                "return ledger.dispatch(NewRun.of(WORKFLOW).target(file).trigger(trigger));",
                                """
                        EventFields end = EventFields.of().put("form", form.substring(form.indexOf('_') + 1));
                        return ledger.dispatch(
                                NewRun.of(WORKFLOW).target(file).trigger(trigger), CallOptions.customFields(end));""")
                        .failing(
                                "ListenersTest#theFormOfAnOrderIsNotInTheTrail",
                                "SecretCanary.isNowhereIn",
                                "the canary's token() can be read in: audit"));
    }
}
