package dev.runledger.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import dev.runledger.event.EventType;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has ArchUnit rules for the code of an application: how it must not use the library, as far as the compiler cannot see it.
 *
 * <p>Check a rule against the classes of the application: {@code rule.check(new ClassFileImporter().importPackages("com.acme"))}. It fails
 * if it is given no class. Classes of the library are left out. Thread-safe: nothing is kept.
 */
public final class LedgerRules {
    /** Not inside a longer name: {@code com.acme.workflow.run.Job} is a class. */
    private static final Pattern EVENT_NAME = Pattern.compile("(?<![\\w.$/-])workflow\\.(?:run|task)\\.[\\w.]*");

    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,29}_");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|--[^\\n]*");

    private LedgerRules() {}

    /** Returns all rules, for an application whose tables have the default prefix and that has no names like those of events. */
    public static ArchRule all() {
        return CompositeArchRule.of(eventNamesComeFromTheVocabulary())
                .and(onlyTheLedgerChangesAStore())
                .and(onlyTheLedgerWritesItsTables());
    }

    /**
     * Demands that no class has a text with the name of an event in it, such as {@code log.info("workflow.run.succeeded")}: such a line is
     * not an event, has no fields, and nothing counts it. Write {@code WorkflowRunEvent.SUCCEEDED.eventName()} if you need the name.
     *
     * <p>The rule sees every string that the compiler knows: literals, constants of other classes, values of annotations, and the fixed
     * parts of a concatenation. It does not see a name that is put together from parts if none of them begins with {@code workflow.run.} or
     * {@code workflow.task.}.
     *
     * @param otherNames names that begin like events and are something else, such as a meter or a setting
     */
    public static ArchRule eventNamesComeFromTheVocabulary(String... otherNames) {
        Set<String> others = Set.of(otherNames);
        return rule(
                new TextCondition("take the names of events from the vocabulary", text -> eventName(text, others)),
                "a name in a text is not an event: it has no fields, and no sink receives it");
    }

    private static Optional<String> eventName(String text, Set<String> others) {
        Matcher names = EVENT_NAME.matcher(text);
        while (names.find()) {
            String name = names.group().replaceAll("\\.$", "");
            if (!others.contains(name)) {
                return Optional.of(EventType.ofName(name)
                        .map(LedgerRules::constant)
                        .orElse("'%s' is in no vocabulary".formatted(names.group())));
            }
        }
        return Optional.empty();
    }

    private static String constant(EventType type) {
        return "emit %s.%s instead".formatted(type.getClass().getSimpleName(), ((Enum<?>) type).name());
    }

    /**
     * Demands that only stores call what changes a {@code RunStore}: a change that does not go through the {@code Ledger} is stored and no
     * sink gets its event. {@code history()} is free to all.
     */
    public static ArchRule onlyTheLedgerChangesAStore() {
        return rule(
                new StoreCallCondition(),
                "a change that does not go through the ledger is stored, and no sink gets its event");
    }

    /** Demands that no class has a statement that writes a table of the ledger, with the default prefix {@code ledger_}. */
    public static ArchRule onlyTheLedgerWritesItsTables() {
        return onlyTheLedgerWritesItsTables("ledger_");
    }

    /**
     * Demands that no class has a statement that writes a table of the ledger: a row that is changed by hand has no event, and from then on
     * its history contradicts it. Reading the tables is allowed.
     *
     * <p>The rule sees the strings that {@link #eventNamesComeFromTheVocabulary} sees. It does not see the name of a table that is put in
     * at run time.
     *
     * @param tablePrefix what the names of the tables begin with
     * @throws IllegalArgumentException if no store can have that prefix
     */
    public static ArchRule onlyTheLedgerWritesItsTables(String tablePrefix) {
        if (!PREFIX.matcher(Objects.requireNonNull(tablePrefix, "tablePrefix")).matches()) {
            throw new IllegalArgumentException(
                    "tablePrefix is '%s', expected a-z, up to 29 of a-z 0-9 _, and a _ at the end"
                            .formatted(tablePrefix));
        }
        Pattern writes = Pattern.compile("(?i)\\b(?:insert\\s+(?:or\\s+\\w+\\s+)?into|replace\\s+into|merge\\s+into"
                + "|update(?:\\s+or\\s+\\w+)?(?:\\s+only)?|delete\\s+from(?:\\s+only)?|truncate(?:\\s+table)?(?:\\s+only)?)"
                + "\\s+(?:[\"`\\[]?\\w+[\"`\\]]?\\s*\\.\\s*)?[\"`\\[]?(" + tablePrefix
                + "(?:run|task|event|payload|in_flight|wait|delivery|ended|refusal|lease|instance|identity_key))\\b");
        return rule(
                new TextCondition(
                        "leave the writing of the ledger's tables to the ledger", text -> write(text, writes)),
                "a row that is changed by hand has no event, and its history contradicts it");
    }

    private static Optional<String> write(String text, Pattern writes) {
        Matcher statement = writes.matcher(COMMENT.matcher(text).replaceAll(" "));
        return statement.find()
                ? Optional.of("it writes " + statement.group(1) + "; call the Ledger instead")
                : Optional.empty();
    }

    private static ArchRule rule(ArchCondition<JavaClass> condition, String because) {
        return classes()
                .that(resideOutsideOfPackages(HostLine.LIBRARY.toArray(String[]::new))
                        .as("belong to the application"))
                .should(condition)
                .because(because)
                .allowEmptyShould(false);
    }
}
