package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.runledger.Ledger",
                "dev.runledger.jdbi.JdbiRunStore",
                "dev.runledger.testkit.RecordingSink",
                "org.springframework.transaction.support.TransactionTemplate",
                "com.example.Orders$$SpringCGLIB$$0",
                "com.example.Orders$$EnhancerBySpringCGLIB$$1a2b3c",
                "com.example.Orders$$FastClassBySpringCGLIB$$1a2b3c",
                "com.example.$Proxy42",
                "jdk.proxy2.$Proxy17",
                "com.example.Order$HibernateProxy$k3jd",
                "com.example.Orders$MockitoMock$123",
                "com.example.Orders$ByteBuddy$abc",
                "org.junit.jupiter.engine.execution.MethodInvocation",
                "jdk.internal.reflect.DirectMethodHandleAccessor",
                "java.util.concurrent.ThreadPoolExecutor",
                "kotlin.concurrent.ThreadsKt"
            })
    void whatIsInTheLibraryOrAFrameworkOrGeneratedIsNotTheApplications(String className) {
        assertThat(HostLine.isTheHosts(className)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.example.Orders",
                "com.example.Orders$Line",
                "com.example.OrdersKt$place$$inlined$map$1",
                "dev.runledger.hosts.suites.Shop$Orders",
                "javaapp.Main",
                "Unnamed"
            })
    void theRestIs(String className) {
        assertThat(HostLine.isTheHosts(className)).isTrue();
    }
}
