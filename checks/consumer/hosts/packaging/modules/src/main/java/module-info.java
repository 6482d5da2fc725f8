module com.example.modules {
    requires dev.runledger.core;
    requires dev.runledger.jdbi;
    requires dev.runledger.micrometer;
    requires dev.runledger.operations;
    requires dev.runledger.otel;
    requires com.fasterxml.jackson.databind;
    requires java.sql;
    requires micrometer.core;
    requires io.opentelemetry.api;
}
