-- A run: what was asked for, which never changes, and how it stands. No index has a column that changes, so that a change touches no index
-- (in PostgreSQL's words, its updates are heap-only), and each page keeps room for them. What is large is in ${payload}.
CREATE TABLE ${run} (
    id                text COLLATE "C" NOT NULL PRIMARY KEY,
    project           text NOT NULL,
    workflow_name     text NOT NULL,
    workflow_version  text,
    channel           text NOT NULL,
    target            text,
    trigger_name      text,
    delivery_id       text,
    trigger_actor     text,
    task_queue        text,
    parent_run_id     text COLLATE "C",
    replay_of_run_id  text COLLATE "C",
    once_per_delivery boolean NOT NULL,
    context           text,
    delivery_digest   text, -- of a run whose delivery may be taken once
    state             text NOT NULL,
    seq               bigint NOT NULL,
    latest_event      text NOT NULL,
    queued_at         timestamptz NOT NULL,
    started_at        timestamptz,
    queue_wait_us     bigint,
    suspended_at      timestamptz,
    suspended_us      bigint NOT NULL,
    changed_at        timestamptz NOT NULL,
    execution         integer NOT NULL,
    owner             text,
    claim_token       text,
    instance          text, -- the process that has or had the claim
    handed_off        boolean NOT NULL,
    wait_code         text,
    wait_reason       text,
    wait_deadline     timestamptz,
    wait_on_deadline  text,
    wait_decision     text, -- of a run that is resumed at its deadline
    correlation_key   text,
    wait_context      text,
    resumed           boolean NOT NULL,
    resume_decision   text,
    resume_actor      text,
    resume_key        text,
    resume_context    text,
    reason            text,
    error_category    text,
    uncaught          boolean,
    error_class       text,
    error_message     text,
    error_stack       text,
    payloads          integer NOT NULL -- which rows of ${payload} count: 1 details, 2 trigger, 4 input, 8 resumption
) WITH (fillfactor = 70);

CREATE INDEX ${run_newest} ON ${run} (queued_at DESC, id DESC);
CREATE INDEX ${run_workflow} ON ${run} (workflow_name, queued_at DESC, id DESC);
CREATE INDEX ${run_project} ON ${run} (project, queued_at DESC, id DESC) WHERE project <> '';
CREATE INDEX ${run_target} ON ${run} (target, queued_at DESC, id DESC) WHERE target IS NOT NULL;
CREATE INDEX ${run_delivery} ON ${run} (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX ${run_parent} ON ${run} (parent_run_id, queued_at, id) WHERE parent_run_id IS NOT NULL;

-- A run that is QUEUED, RUNNING or SUSPENDED; its end deletes the row. A row that is guarded holds the guard: of one project, workflow, target
-- and channel one run is in flight, and its children work under it.
CREATE TABLE ${in_flight} (
    run_id        text COLLATE "C" NOT NULL PRIMARY KEY,
    project       text NOT NULL,
    workflow_name text NOT NULL,
    target        text,
    channel       text NOT NULL,
    task_queue    text,
    queued_at     timestamptz NOT NULL,
    guarded       boolean NOT NULL
);

CREATE UNIQUE INDEX ${in_flight_guard} ON ${in_flight} (project, workflow_name, target, channel) WHERE guarded;
CREATE INDEX ${in_flight_children} ON ${in_flight} (project, workflow_name, target, channel, queued_at, run_id)
    WHERE NOT guarded AND target IS NOT NULL;

-- What a SUSPENDED run waits for; the end of the wait deletes the row.
CREATE TABLE ${wait} (
    run_id          text COLLATE "C" NOT NULL PRIMARY KEY,
    project         text NOT NULL,
    code            text NOT NULL,
    correlation_key text,
    deadline        timestamptz,
    on_deadline     text NOT NULL,
    suspended_at    timestamptz NOT NULL,
    seq             bigint NOT NULL, -- the version of the run that began the wait
    reported        text -- the call that reported that the deadline has passed
);

CREATE INDEX ${wait_correlation} ON ${wait} (project, correlation_key) WHERE correlation_key IS NOT NULL;
CREATE INDEX ${wait_due} ON ${wait} (deadline) WHERE deadline IS NOT NULL AND reported IS NULL;

-- A delivery that may be taken once, and the run that took it. Who could not be enqueued did not take it. The key is a digest of the
-- project, the workflow, the target, the channel and the delivery id, which together can be too long for an index.
CREATE TABLE ${delivery} (
    digest      text COLLATE "C" NOT NULL PRIMARY KEY,
    delivery_id text NOT NULL,
    run_id      text COLLATE "C" NOT NULL
);

-- The end of a run. It stays for the statistics when the run is removed.
CREATE TABLE ${ended} (
    run_id           text COLLATE "C" NOT NULL,
    project          text NOT NULL,
    workflow_name    text NOT NULL,
    workflow_version text,
    target           text NOT NULL, -- '' for none
    channel          text NOT NULL,
    queued_at        timestamptz NOT NULL,
    ended_at         timestamptz NOT NULL,
    state            text NOT NULL,
    error_category   text,
    duration_us      bigint, -- since its first start
    queue_wait_us    bigint,
    suspended_us     bigint NOT NULL,
    removed          boolean NOT NULL DEFAULT FALSE
);

CREATE INDEX ${ended_undone} ON ${ended} (state, queued_at DESC, run_id DESC) WHERE state <> 'SUCCEEDED' AND NOT removed;
CREATE INDEX ${ended_category} ON ${ended} (error_category, queued_at DESC, run_id DESC)
    WHERE error_category IS NOT NULL AND NOT removed;
CREATE INDEX ${ended_failed} ON ${ended} (ended_at) WHERE state = 'FAILED';
CREATE INDEX ${ended_succeeded} ON ${ended} (workflow_name, project, target, ended_at)
    WHERE state = 'SUCCEEDED' AND channel = 'LIVE';
CREATE INDEX ${ended_oldest} ON ${ended} (ended_at, run_id) WHERE NOT removed;

-- What is large: the details, the payload of the trigger, the input and the payload of the resumption of a run, the input and the output of a
-- task.
CREATE TABLE ${payload} (
    run_id    text COLLATE "C" NOT NULL,
    task_id   text COLLATE "C" NOT NULL, -- '' for the run's own
    kind      text NOT NULL,
    body      text NOT NULL,
    reference text GENERATED ALWAYS AS (CASE -- into a PayloadStore
        WHEN kind <> 'input' OR task_id <> ''
            THEN substring(left(body, 1000) FROM '^{"size":[0-9]+,(?:"digest":"[^"]*",)?"reference":"(res://[!#-~]+)"')
        WHEN octet_length(body) <= 1000 AND starts_with(body, 'res://') THEN body END) STORED,
    PRIMARY KEY (run_id, task_id, kind)
);

CREATE INDEX ${payload_reference} ON ${payload} (reference) WHERE reference IS NOT NULL;

-- A task, which is a step of a run.
CREATE TABLE ${task} (
    id             text COLLATE "C" NOT NULL PRIMARY KEY,
    run_id         text COLLATE "C" NOT NULL,
    name           text NOT NULL,
    verb           text NOT NULL,
    kind           text NOT NULL,
    instrument     text NOT NULL,
    retry          text NOT NULL,
    timeout_ms     bigint,
    permissions    text,
    state          text NOT NULL,
    seq            bigint NOT NULL,
    execution      integer NOT NULL,
    attempt        integer NOT NULL,
    started_at     timestamptz NOT NULL,
    attempted_at   timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    exit_code      integer,
    status_code    integer,
    output_bytes   bigint,
    timed_out      boolean,
    reason         text,
    failure_reason text,
    error_category text,
    uncaught       boolean,
    error_class    text,
    error_message  text,
    error_stack    text,
    payloads       integer NOT NULL -- which rows of ${payload} count: 4 input, 16 output
) WITH (fillfactor = 70);

CREATE INDEX ${task_of_run} ON ${task} (run_id, started_at, id);

-- An event of a run or of one of its tasks: what its change brought.
CREATE TABLE ${event} (
    run_id          text COLLATE "C" NOT NULL,
    task_id         text COLLATE "C" NOT NULL, -- '' for the run's own
    seq             bigint NOT NULL,
    run_seq         bigint, -- the run's at an event of a task
    event           text NOT NULL,
    occurred_at     timestamptz NOT NULL,
    idempotency_key text,
    call_id         text NOT NULL,
    child_run_id    text COLLATE "C",
    data            text,
    PRIMARY KEY (run_id, task_id, seq)
);

-- A call with an idempotency key has one event, however often it is made.
CREATE UNIQUE INDEX ${event_call} ON ${event} (run_id, task_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- A dispatch that was refused, which made no run.
CREATE TABLE ${refusal} (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    refused_at  timestamptz NOT NULL,
    data        text NOT NULL
);

CREATE INDEX ${refusal_newest} ON ${refusal} (refused_at DESC, id DESC);

-- Who does a job of the background, and until when it has it.
CREATE TABLE ${lease} (
    job    text COLLATE "C" NOT NULL PRIMARY KEY,
    holder text NOT NULL,
    until  timestamptz NOT NULL
);

-- A process that sends heartbeats, and until when it may be silent.
CREATE TABLE ${instance} (
    id      text COLLATE "C" NOT NULL PRIMARY KEY,
    until   timestamptz NOT NULL,
    call_id text NOT NULL -- of its first heartbeat
);

-- The key of this database under which targets, delivery ids and correlation keys that show a secret get their digests. One row, made once.
CREATE TABLE ${identity_key} (
    id  integer NOT NULL PRIMARY KEY CHECK (id = 1),
    hex text NOT NULL
);
