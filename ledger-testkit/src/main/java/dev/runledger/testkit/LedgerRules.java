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
 * Rules of ArchUnit for the code of a host: what the compiler cannot see of how it uses the library.
 *
 * <p>Each is checked against the host's own classes, {@code rule.check(new ClassFileImporter().importPackages("com.acme"))}, and
 * fails where it was given none. The library's classes, where they are among them, are left out. Thread-safe: nothing is kept.
 */
public final class LedgerRules {
    /** Not inside a longer name: {@code com.acme.workflow.run.Job} is a class. */
    private static final Pattern EVENT_NAME = Pattern.compile("(?<![\\w.$/-])workflow\\.(?:run|task)\\.[\\w.]*");

    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,29}_");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|--[^\\n]*");

    private LedgerRules() {}

    /** All rules, for a host whose tables have the default prefix and which has no such names of its own. */
    public static ArchRule all() {
        return CompositeArchRule.of(eventNamesComeFromTheVocabulary())
                .and(onlyTheLedgerChangesAStore())
                .and(onlyTheLedgerWritesItsTables());
    }

    /**
     * No class has a text with the name of an event in it, {@code log.info("workflow.run.succeeded")}: such a line is no event, has
     * no fields and nobody counts it. {@code WorkflowRunEvent.SUCCEEDED.eventName()} is the name where one is needed.
     *
     * <p>It sees every string that the compiler knows: literals, constants that come from another class, values of annotations, and
     * the fixed parts of a concatenation. A name that is put together from parts, none of which begins with {@code workflow.run.} or
     * {@code workflow.task.}, is not seen.
     *
     * @param otherNames names that begin like events and are something else, a meter's or a setting's
     */
    public static ArchRule eventNamesComeFromTheVocabulary(String... otherNames) {
        Set<String> others = Set.of(otherNames);
        return rule(
                new TextCondition("take the names of events from the vocabulary", text -> eventName(text, others)),
                "a name in a text is no event: it has no fields, and no sink is told of it");
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
        return "tell %s.%s instead".formatted(type.getClass().getSimpleName(), ((Enum<?>) type).name());
    }

    /**
     * No class calls what changes a {@code RunStore}, but for stores themselves: what goes past the {@code Ledger} is stored and
     * told to nobody. {@code history()} is for everybody.
     */
    public static ArchRule onlyTheLedgerChangesAStore() {
        return rule(new StoreCallCondition(), "what goes past the ledger is stored and told to nobody");
    }

    /** No class has a statement that writes a table of the ledger, with the default prefix {@code ledger_}. */
    public static ArchRule onlyTheLedgerWritesItsTables() {
        return onlyTheLedgerWritesItsTables("ledger_");
    }

    /**
     * No class has a statement that writes the tables of the ledger: a row that is changed by hand has no event, and its history
     * contradicts it from then on. Reading them is allowed.
     *
     * <p>It sees the strings that {@link #eventNamesComeFromTheVocabulary} sees. A table's name that is put in at run time is not seen.
     *
     * @param tablePrefix what the tables' names begin with
     * @throws IllegalArgumentException if no store could have that prefix
     */
    public static ArchRule onlyTheLedgerWritesItsTables(String tablePrefix) {
        if (!PREFIX.matcher(Objects.requireNonNull(tablePrefix, "tablePrefix")).matches()) {
            throw new IllegalArgumentException(
                    "tablePrefix is '%s', expected a-z, up to 29 of a-z 0-9 _, and a _ at the end"
                            .formatted(tablePrefix));
        }
        Pattern writes = Pattern.compile("(?i)\\b(?:insert\\s+(?:or\\s+\\w+\\s+)?into|replace\\s+into|merge\\s+into"
                + "|update(?:\\s+or\\s+\\w+)?(?:\\s+only)?|delete\\s+from(?:\\s+only)?|truncate(?:\\s+table)?(?:\\s+only)?)"
                + "\\s+(?:[\"`\\[]?\\w+[\"`\\]]?\\s*\\.\\s*)?[\"`\\[]?(" + tablePrefix + "(?:run|task_run|event))\\b");
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
                        .as("are the host's"))
                .should(condition)
                .because(because)
                .allowEmptyShould(false);
    }
}
