package dev.runledger.run;

import java.util.Locale;

/** Whether a run counts: live runs do, draft runs try a workflow out. */
public enum Channel {
    /** The run tries a workflow out. */
    DRAFT,
    /** The run counts. */
    LIVE;

    /** The channel's name on an event: {@code draft} or {@code live}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
