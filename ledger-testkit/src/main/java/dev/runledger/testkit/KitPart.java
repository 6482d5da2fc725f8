package dev.runledger.testkit;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lists the parts of a kit that are given out by type. */
enum KitPart {
    KIT(LedgerKit.class, null, kit -> kit),
    LEDGER(Ledger.class, null, LedgerKit::ledger),
    EVENTS(WorkflowRunEvents.class, null, LedgerKit::events),
    RECORDER(RecordingSink.class, null, LedgerKit::recorder),
    CLOCK(MutableClock.class, null, LedgerKit::clock),
    CANARY(SecretCanary.class, null, LedgerKit::canary),
    IDS(Supplier.class, String.class, LedgerKit::ids);

    private final Class<?> type;
    private final @Nullable Class<?> argument;
    private final Function<LedgerKit, Object> part;

    KitPart(Class<?> type, @Nullable Class<?> argument, Function<LedgerKit, Object> part) {
        this.type = type;
        this.argument = argument;
        this.part = part;
    }

    /** Returns the part that a parameter or field of this type asks for, or empty. */
    static Optional<KitPart> of(Type asked) {
        return Arrays.stream(values()).filter(part -> part.fits(asked)).findFirst();
    }

    Object from(LedgerKit kit) {
        return part.apply(kit);
    }

    private boolean fits(Type asked) {
        if (argument == null) {
            return asked.equals(type);
        }
        return asked instanceof ParameterizedType generic
                && generic.getRawType().equals(type)
                && generic.getActualTypeArguments()[0].equals(argument);
    }
}
