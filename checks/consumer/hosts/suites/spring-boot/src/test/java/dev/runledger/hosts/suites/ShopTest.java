package dev.runledger.hosts.suites;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.testkit.Breach;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.RecordingSink;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** A suite of Spring Boot's, on the JUnit that it brings: one context, and a kit around its events for each test. */
@SpringBootTest(classes = {Shop.class, ShopTest.Recording.class})
class ShopTest {
    // snippet
    @TestConfiguration(proxyBeanMethods = false)
    static class Recording {
        @Bean
        RecordingSink recorder() {
            return new RecordingSink();
        }

        @Bean
        static BeanPostProcessor watching(ObjectProvider<RecordingSink> recorder) {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource dataSource
                            ? recorder.getObject().watch(dataSource)
                            : bean;
                }
            };
        }
    }

    // end

    // snippet
    @Autowired
    private WorkflowRunEvents events;

    @Autowired
    private RecordingSink recorder;

    @RegisterExtension
    private final LedgerExtension ledger = LedgerExtension.of(() -> LedgerKit.around(events, recorder));
    // end

    @Autowired
    private Shop.Orders orders;

    @Autowired
    private Shop.Audit audit;

    @Test
    void anOrderIsToldAfterItsCommit() {
        orders.place("o-1");
        assertThat(recorder)
                .run("o-1")
                .emittedExactly(QUEUED)
                .event(QUEUED)
                .hasExactlyFields(
                        EventFields.of().runId("o-1").workflowName("import").put("shop", "north"));
    }

    @Test
    void anotherTestHasARecorderOfItsOwn(RecordingSink given) {
        assertThat(given).isSameAs(recorder);
        assertThat(recorder).emittedNothing();
        orders.place("o-2");
        assertThat(recorder).onlyRun().emittedExactly(QUEUED);
    }

    @Test
    void anOrderThatIsToldTooEarlyIsFound(LedgerKit kit) {
        orders.placeTooEarly("o-3");
        assertThat(kit.breaches()).singleElement().satisfies(breach -> {
            assertThat(breach.kind()).isEqualTo(Breach.Kind.OPEN_TRANSACTION);
            assertThat(breach.line()).asString().contains("Shop$Orders.emit(Shop.java:");
        });
        kit.tolerate(Breach.Kind.OPEN_TRANSACTION);
    }

    @Test
    void whatFollowsTheCommitOfAnInnerTransactionIsNotTooEarly(LedgerKit kit) {
        orders.placeAudited("o-4");
        assertThat(recorder).emittedExactly(QUEUED, QUEUED);
        assertThat(recorder).run("tried-o-4").emittedExactly(QUEUED);
        assertThat(kit.breaches()).isEmpty();
    }

    @Test
    void whatFollowsAnInnerTransactionInTheOuterOneIsFound(LedgerKit kit) {
        orders.placeAuditedTooEarly("o-5");
        assertThat(kit.breaches()).singleElement().satisfies(breach -> {
            assertThat(breach.kind()).isEqualTo(Breach.Kind.OPEN_TRANSACTION);
            assertThat(breach.what()).contains("of run o-5", "begun at dev.runledger.hosts.suites.Shop$Orders");
            assertThat(breach.line()).asString().contains("Shop$Orders.emit(Shop.java:");
        });
        kit.tolerate(Breach.Kind.OPEN_TRANSACTION);
    }

    @Test
    void anEventIsEmittedAtALineOfTheApplicationAndNotOfAProxy() {
        audit.keep("o-6");
        assertThatThrownBy(() -> assertThat(recorder).emittedNothing())
                .hasMessageContaining("Shop.java:")
                .hasMessageNotContaining("<generated>");
    }
}
