package dev.runledger.testkit;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test its own {@link LedgerKit}, and fails the test because of what production only counts.
 *
 * <pre>
 * &#64;ExtendWith(LedgerExtension.class)
 * class ReviewTest {
 *     &#64;Test
 *     void aReviewIsEmitted(Ledger ledger, RecordingSink recorder) { ... }
 * }
 * </pre>
 *
 * <p>Parameters of tests and of {@code BeforeEach} and {@code AfterEach} methods, and fields with {@link FromKit}, are set by their type:
 * {@link LedgerKit}, {@code Ledger}, {@code WorkflowRunEvents}, {@link RecordingSink}, {@link MutableClock}, {@link SecretCanary}, and
 * {@code Supplier<String>} for ids. Ids begin with the name of the test method. Tests may run in parallel; those that share an instance
 * (PER_CLASS) take parameters instead of fields. For JUnit 5.12 and later, and 6.
 */
public final class LedgerExtension
        implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback, ParameterResolver {
    private static final String KIT = "kit";

    private final Namespace namespace = Namespace.create(LedgerExtension.class, this);
    private final Function<ExtensionContext, LedgerKit> maker;

    /** Gives each test a ledger in memory, with every default. */
    public LedgerExtension() {
        this(context -> LedgerKit.builder().name(TestName.of(context)).build());
    }

    private LedgerExtension(Function<ExtensionContext, LedgerKit> maker) {
        this.maker = maker;
    }

    /** Gives each test the kit that the supplier makes before it: one with more sinks, or one around the events of an application. */
    public static LedgerExtension of(Supplier<LedgerKit> maker) {
        Objects.requireNonNull(maker, "maker");
        return new LedgerExtension(context -> maker.get());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        LedgerKit kit = maker.apply(context);
        context.getStore(namespace).put(KIT, kit);
        FieldInjector.fill(context, kit);
    }

    /**
     * Verifies the kit right after the test, while the stores that the test closes later are still open. A test that has failed keeps its
     * failure and gets this one as suppressed.
     */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        LedgerKit kit = context.getStore(namespace).get(KIT, LedgerKit.class);
        if (kit != null) {
            kit.verify();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LedgerKit kit = context.getStore(namespace).remove(KIT, LedgerKit.class);
        if (kit != null) { // null where another extension kept this one from beginning
            kit.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return KitPart.of(parameter.getParameter().getParameterizedType()).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        LedgerKit kit = context.getStore(namespace).get(KIT, LedgerKit.class);
        if (kit == null || !(parameter.getDeclaringExecutable() instanceof Method)) {
            throw new ParameterResolutionException(
                    "a ledger is one test's: take it as parameter of a test, @BeforeEach or @AfterEach method, or as a field with @FromKit");
        }
        return KitPart.of(parameter.getParameter().getParameterizedType())
                .orElseThrow()
                .from(kit);
    }
}
