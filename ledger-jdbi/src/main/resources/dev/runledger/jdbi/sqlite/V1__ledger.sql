-- Instants are whole microseconds since 1970-01-01T00:00Z; what is true or false is 1 or 0.

-- A run: what was asked for, which never changes, and how it stands.
CREATE TABLE ${run} (
    id                text NOT NULL PRIMARY KEY,
    project           text NOT NULL,
    workflow_name     text NOT NULL,
    workflow_version  text,
    channel           text NOT NULL,
    target            text,
    trigger_name      text,
    delivery_id       text,
    trigger_actor     text,
    trigger_details   text,
    trigger_payload   text,
    task_queue        text,
    parent_run_id     text,
    replay_of_run_id  text,
    once_per_delivery integer NOT NULL,
    context           text,
    state             text NOT NULL,
    seq               integer NOT NULL,
    latest_event      text NOT NULL,
    guarded           integer NOT NULL,
    queued_at         integer NOT NULL,
    started_at        integer,
    queue_wait_us     integer,
    suspended_at      integer,
    suspended_us      integer NOT NULL,
    changed_at        integer NOT NULL,
    execution         integer NOT NULL,
    owner             text,
    claim_token       text,
    handed_off        integer NOT NULL,
    wait_code         text,
    wait_reason       text,
    wait_deadline     integer,
    wait_on_deadline  text,
    correlation_key   text,
    wait_context      text,
    resumed           integer NOT NULL,
    resume_decision   text,
    resume_actor      text,
    resume_key        text,
    resume_context    text,
    resume_payload    text,
    reason            text,
    error_category    text,
    uncaught          integer,
    error_class       text,
    error_message     text,
    error_stack       text,
    input             text
);

-- The in-flight guard: of one project, workflow, target and channel one run is in flight.
CREATE UNIQUE INDEX ${run_guard} ON ${run} (project, workflow_name, target, channel) WHERE guarded;
-- A delivery that may be taken once is taken once, even if several take it at the same moment. Who could not be enqueued did not take it.
CREATE UNIQUE INDEX ${run_once} ON ${run} (project, workflow_name, (coalesce(target, '')), channel, delivery_id)
    WHERE once_per_delivery AND latest_event <> 'workflow.run.enqueue_failed';
CREATE INDEX ${run_delivery} ON ${run} (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX ${run_newest} ON ${run} (queued_at DESC, id DESC);
CREATE INDEX ${run_workflow} ON ${run} (workflow_name, queued_at DESC, id DESC);
CREATE INDEX ${run_target} ON ${run} (target, queued_at DESC, id DESC) WHERE target IS NOT NULL;
CREATE INDEX ${run_in_flight} ON ${run} (state, queued_at DESC, id DESC)
    WHERE state IN ('QUEUED', 'RUNNING', 'SUSPENDED');
CREATE INDEX ${run_failed} ON ${run} (changed_at) WHERE state = 'FAILED';
CREATE INDEX ${run_parent} ON ${run} (parent_run_id, queued_at) WHERE parent_run_id IS NOT NULL;
CREATE INDEX ${run_correlation} ON ${run} (project, correlation_key) WHERE correlation_key IS NOT NULL;

-- A task, which is a step of a run.
CREATE TABLE ${task} (
    id             text NOT NULL PRIMARY KEY,
    run_id         text NOT NULL,
    name           text NOT NULL,
    verb           text NOT NULL,
    kind           text NOT NULL,
    instrument     text NOT NULL,
    retry          text NOT NULL,
    timeout_ms     integer,
    permissions    text,
    input          text,
    state          text NOT NULL,
    seq            integer NOT NULL,
    execution      integer NOT NULL,
    attempt        integer NOT NULL,
    started_at     integer NOT NULL,
    attempted_at   integer NOT NULL,
    changed_at     integer NOT NULL,
    output         text,
    exit_code      integer,
    output_bytes   integer,
    timed_out      integer,
    reason         text,
    failure_reason text,
    error_category text,
    uncaught       integer,
    error_class    text,
    error_message  text,
    error_stack    text
);

CREATE INDEX ${task_of_run} ON ${task} (run_id, started_at, id);

-- An event: what its change brought. The subject is the run or the task; for a refusal, which has neither, it is the event's id.
CREATE TABLE ${event} (
    subject       text NOT NULL,
    seq           integer NOT NULL,
    run_id        text,
    run_seq       integer,
    event         text NOT NULL,
    occurred_at   integer NOT NULL,
    transition_id text,
    call_id       text NOT NULL,
    child_run_id  text,
    data          text,
    PRIMARY KEY (subject, seq)
);

-- A call with an idempotency key has one event, however often it is made.
CREATE UNIQUE INDEX ${event_call} ON ${event} (subject, transition_id) WHERE transition_id IS NOT NULL;
CREATE INDEX ${event_of_run} ON ${event} (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX ${event_refused} ON ${event} (occurred_at DESC, subject DESC) WHERE run_id IS NULL;

-- The key of this database under which targets, delivery ids and correlation keys that show a secret get their digests. One row, made once.
CREATE TABLE ${identity_key} (
    id  integer NOT NULL PRIMARY KEY CHECK (id = 1),
    hex text NOT NULL
);
