-- Instants are whole microseconds since 1970-01-01T00:00Z; what is true or false is 1 or 0.

-- A run: what was asked for, which never changes, and how it stands. No index has a column that changes. What is large is in ${payload}.
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
    task_queue        text,
    parent_run_id     text,
    replay_of_run_id  text,
    once_per_delivery integer NOT NULL,
    context           text,
    delivery_digest   text, -- of a run whose delivery may be taken once
    state             text NOT NULL,
    seq               integer NOT NULL,
    latest_event      text NOT NULL,
    queued_at         integer NOT NULL,
    started_at        integer,
    queue_wait_us     integer,
    suspended_at      integer,
    suspended_us      integer NOT NULL,
    changed_at        integer NOT NULL,
    execution         integer NOT NULL,
    owner             text,
    claim_token       text,
    instance          text, -- the process that has or had the claim
    handed_off        integer NOT NULL,
    wait_code         text,
    wait_reason       text,
    wait_deadline     integer,
    wait_on_deadline  text,
    wait_decision     text, -- of a run that is resumed at its deadline
    correlation_key   text,
    wait_context      text,
    resumed           integer NOT NULL,
    resume_decision   text,
    resume_actor      text,
    resume_key        text,
    resume_context    text,
    reason            text,
    error_category    text,
    uncaught          integer,
    error_class       text,
    error_message     text,
    error_stack       text,
    payloads          integer NOT NULL -- which rows of ${payload} count: 1 details, 2 trigger, 4 input, 8 resumption
);

CREATE INDEX ${run_newest} ON ${run} (queued_at DESC, id DESC);
CREATE INDEX ${run_workflow} ON ${run} (workflow_name, queued_at DESC, id DESC);
CREATE INDEX ${run_project} ON ${run} (project, queued_at DESC, id DESC) WHERE project <> '';
CREATE INDEX ${run_target} ON ${run} (target, queued_at DESC, id DESC) WHERE target IS NOT NULL;
CREATE INDEX ${run_delivery} ON ${run} (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX ${run_parent} ON ${run} (parent_run_id, queued_at, id) WHERE parent_run_id IS NOT NULL;

-- A run that is QUEUED, RUNNING or SUSPENDED; its end deletes the row. A row that is guarded holds the guard: of one project, workflow, target
-- and channel one run is in flight, and its children work under it.
CREATE TABLE ${in_flight} (
    run_id        text NOT NULL PRIMARY KEY,
    project       text NOT NULL,
    workflow_name text NOT NULL,
    target        text,
    channel       text NOT NULL,
    task_queue    text,
    queued_at     integer NOT NULL,
    guarded       integer NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX ${in_flight_guard} ON ${in_flight} (project, workflow_name, target, channel) WHERE guarded;
CREATE INDEX ${in_flight_children} ON ${in_flight} (project, workflow_name, target, channel, queued_at, run_id)
    WHERE NOT guarded AND target IS NOT NULL;

-- What a SUSPENDED run waits for; the end of the wait deletes the row.
CREATE TABLE ${wait} (
    run_id          text NOT NULL PRIMARY KEY,
    project         text NOT NULL,
    code            text NOT NULL,
    correlation_key text,
    deadline        integer,
    on_deadline     text NOT NULL,
    suspended_at    integer NOT NULL,
    seq             integer NOT NULL, -- the version of the run that began the wait
    reported        text -- the call that reported that the deadline has passed
) WITHOUT ROWID;

CREATE INDEX ${wait_correlation} ON ${wait} (project, correlation_key) WHERE correlation_key IS NOT NULL;
CREATE INDEX ${wait_due} ON ${wait} (deadline) WHERE deadline IS NOT NULL AND reported IS NULL;

-- A delivery that may be taken once, and the run that took it. Who could not be enqueued did not take it. The key is a digest of the
-- project, the workflow, the target, the channel and the delivery id, which together can be too long for an index.
CREATE TABLE ${delivery} (
    digest      text NOT NULL PRIMARY KEY,
    delivery_id text NOT NULL,
    run_id      text NOT NULL
) WITHOUT ROWID;

-- The end of a run. It stays for the statistics when the run is removed.
CREATE TABLE ${ended} (
    run_id           text NOT NULL,
    project          text NOT NULL,
    workflow_name    text NOT NULL,
    workflow_version text,
    target           text NOT NULL, -- '' for none
    channel          text NOT NULL,
    queued_at        integer NOT NULL,
    ended_at         integer NOT NULL,
    state            text NOT NULL,
    error_category   text,
    duration_us      integer, -- since its first start
    queue_wait_us    integer,
    suspended_us     integer NOT NULL,
    removed          integer NOT NULL DEFAULT FALSE
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
    run_id    text NOT NULL,
    task_id   text NOT NULL, -- '' for the run's own
    kind      text NOT NULL,
    body      text NOT NULL,
    reference text GENERATED ALWAYS AS (CASE -- into a PayloadStore
        WHEN kind = 'input' AND task_id = ''
            THEN CASE WHEN substr(body, 1, 6) = 'res://' AND octet_length(body) <= 1000 THEN body END
        WHEN substr(body, 1, 1000) GLOB '{"size":*,"reference":"res://*"*'
            AND substr(body, 1, instr(body, ',"reference":"res://')) NOT GLOB '*,"json":*'
            THEN substr(body, instr(body, ',"reference":"res://') + 14,
                instr(substr(body, instr(body, ',"reference":"res://') + 14, 1000), '"') - 1) END) STORED,
    PRIMARY KEY (run_id, task_id, kind)
);

CREATE INDEX ${payload_reference} ON ${payload} (reference) WHERE reference IS NOT NULL;

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
    state          text NOT NULL,
    seq            integer NOT NULL,
    execution      integer NOT NULL,
    attempt        integer NOT NULL,
    started_at     integer NOT NULL,
    attempted_at   integer NOT NULL,
    changed_at     integer NOT NULL,
    exit_code      integer,
    status_code    integer,
    output_bytes   integer,
    timed_out      integer,
    reason         text,
    failure_reason text,
    error_category text,
    uncaught       integer,
    error_class    text,
    error_message  text,
    error_stack    text,
    payloads       integer NOT NULL -- which rows of ${payload} count: 4 input, 16 output
);

CREATE INDEX ${task_of_run} ON ${task} (run_id, started_at, id);

-- An event of a run or of one of its tasks: what its change brought.
CREATE TABLE ${event} (
    run_id          text NOT NULL,
    task_id         text NOT NULL, -- '' for the run's own
    seq             integer NOT NULL,
    run_seq         integer, -- the run's at an event of a task
    event           text NOT NULL,
    occurred_at     integer NOT NULL,
    idempotency_key text,
    call_id         text NOT NULL,
    child_run_id    text,
    data            text,
    PRIMARY KEY (run_id, task_id, seq)
) WITHOUT ROWID;

-- A call with an idempotency key has one event, however often it is made.
CREATE UNIQUE INDEX ${event_call} ON ${event} (run_id, task_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- A dispatch that was refused, which made no run.
CREATE TABLE ${refusal} (
    id          text NOT NULL PRIMARY KEY,
    refused_at  integer NOT NULL,
    data        text NOT NULL
);

CREATE INDEX ${refusal_newest} ON ${refusal} (refused_at DESC, id DESC);

-- Who does a job of the background, and until when it has it.
CREATE TABLE ${lease} (
    job    text NOT NULL PRIMARY KEY,
    holder text NOT NULL,
    until  integer NOT NULL
) WITHOUT ROWID;

-- A process that sends heartbeats, and until when it may be silent.
CREATE TABLE ${instance} (
    id      text NOT NULL PRIMARY KEY,
    until   integer NOT NULL,
    call_id text NOT NULL -- of its first heartbeat
) WITHOUT ROWID;

-- The key of this database under which targets, delivery ids and correlation keys that show a secret get their digests. One row, made once.
CREATE TABLE ${identity_key} (
    id  integer NOT NULL PRIMARY KEY CHECK (id = 1),
    hex text NOT NULL
);

-- What PostgreSQL does in the statement of a change, a trigger does here.
CREATE TRIGGER ${run_suspended} AFTER UPDATE OF state ON ${run} WHEN NEW.state = 'SUSPENDED' BEGIN
    INSERT INTO ${wait} (run_id, project, code, correlation_key, deadline, on_deadline, suspended_at, seq)
        VALUES (NEW.id, NEW.project, NEW.wait_code, NEW.correlation_key, NEW.wait_deadline, NEW.wait_on_deadline, NEW.changed_at,
            NEW.seq); END;

CREATE TRIGGER ${run_resumed} AFTER UPDATE OF state ON ${run} WHEN OLD.state = 'SUSPENDED' BEGIN
    DELETE FROM ${wait} WHERE run_id = NEW.id; END;

CREATE TRIGGER ${run_ended} AFTER UPDATE OF state ON ${run} WHEN NEW.state IN ('SUCCEEDED', 'INCOMPLETE', 'FAILED', 'CANCELLED') BEGIN
    INSERT INTO ${ended} (run_id, project, workflow_name, workflow_version, target, channel, queued_at, ended_at, state, error_category,
            duration_us, queue_wait_us, suspended_us)
        VALUES (NEW.id, NEW.project, NEW.workflow_name, NEW.workflow_version, COALESCE(NEW.target, ''), NEW.channel, NEW.queued_at,
            NEW.changed_at, NEW.state, NEW.error_category, MAX(0, NEW.changed_at - NEW.started_at), NEW.queue_wait_us, NEW.suspended_us);
    DELETE FROM ${in_flight} WHERE run_id = NEW.id;
    UPDATE ${in_flight} SET guarded = 1
        WHERE run_id = (SELECT c.run_id FROM ${in_flight} c WHERE c.project = NEW.project AND c.workflow_name = NEW.workflow_name
                AND c.target = NEW.target AND c.channel = NEW.channel AND NOT c.guarded ORDER BY c.queued_at, c.run_id LIMIT 1)
            AND NOT EXISTS (SELECT 1 FROM ${in_flight} g WHERE g.project = NEW.project AND g.workflow_name = NEW.workflow_name
                AND g.target = NEW.target AND g.channel = NEW.channel AND g.guarded); END;

CREATE TRIGGER ${run_not_enqueued} AFTER UPDATE OF latest_event ON ${run} WHEN NEW.latest_event = 'workflow.run.enqueue_failed' BEGIN
    DELETE FROM ${delivery} WHERE digest = NEW.delivery_digest AND run_id = NEW.id; END;
