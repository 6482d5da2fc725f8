package com.example.imports;

import dev.runledger.RunScope;
import dev.runledger.TaskScope;
import dev.runledger.run.NewTask;
import dev.runledger.run.TaskTransition;
import java.io.IOException;

/** Tries a step again, as often as this service has time for, whatever the step's policy expects. */
final class Attempts {
    private static final int MOST = 4;

    private Attempts() {}

    static <T> T of(RunScope run, NewTask step, TaskScope.Body<T, IOException> body) throws IOException {
        TaskScope task = run.task(step);
        for (int attempt = 1; ; attempt++) {
            try {
                return task.run(body);
            } catch (IOException failed) {
                if (attempt == MOST) {
                    throw failed;
                }
                TaskTransition unused = task.retry();
            }
        }
    }
}
