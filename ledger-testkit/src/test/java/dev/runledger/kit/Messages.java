package dev.runledger.kit;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The whole message of a failed assertion, without what moves with every edit: the numbers of lines and the widths of columns. */
final class Messages {
    private Messages() {}

    static String of(ThrowingCallable assertion) {
        AssertionError failed = catchThrowableOfType(AssertionError.class, assertion);
        if (failed == null) {
            throw new AssertionError("it passed");
        }
        return plain(String.valueOf(failed.getMessage()));
    }

    static String plain(String message) {
        return message.replaceAll("\\.java:\\d+", ".java:#")
                .replaceAll("(?<=\\S) {2,}", "  ")
                .replaceAll("(?m)^ {2,}(?=\\S)", "  ");
    }
}
