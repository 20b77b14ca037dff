"""Failures, each under its number, and what must hold after them (invariants.py).

| number | what happens | where |
|---|---|---|
| F1, F2 | killed between a submit's commit and its answer | test_kills; the request is then repeated under its key |
| F3 – F6 | killed after the claim, the intent, the order, the reference | test_kills, for a vendor without keys and one with |
| F7, F8 | the poller killed with looks in its hands | test_kills |
| F9 – F11 | killed in the download, after the upload, inside the settlement | test_kills |
| F12, F13 | killed around an outgoing webhook | test_webhooks |
| F14 | killed in the sweeper | test_kills |
| F15 – F17 | messages repeated, lost, late, in the wrong order | test_messages; the claims alone in engine/test_races |
| F18 | a process that stands still for longer than its lease | test_zombies; the fence alone in engine/test_at_most_once |
| F19 | Redis killed, emptied, frozen, full, cut off, locked | test_broker |
| F20 | connections cut, none to be had, read-only, locks, deadlock | test_database; the API alone in api/test_server |
| F21 | a commit whose outcome nobody knows | test_database |
| F22 | a machine whose clock is wrong | test_clocks_and_providers: the engine asks none |
| F23 | what a vendor can do wrong | test_clocks_and_providers; each answer in providers/test_conformance, hanging in http/ |
| F24 | a vendor's callback repeated, early, forged, late | engine/test_callbacks |
| F25 | storage full, closed, forgetful, unreadable | test_storage, on a disk |
| F26 | no space for PostgreSQL's log or Redis's file | bench.chaos.disk, in every run of `make chaos` |
| F27 | money that moves meanwhile | test_money; fifty submits with money for ten in money/test_credits |
| F28 | one idempotency key at once, with another body, after a crash | api/test_submitting, engine/test_races; the crash is F1 |
| F29 | a deploy: SIGTERM to all, a migration under old code | test_deploys |
| F30 | two pollers, sweepers, admissions | test_deploys |
| F31 | a user's webhook endpoint misbehaves | test_webhooks; each answer in webhooks/test_failing, rebinding in http/test_guard |
| F32 | a file that kills whoever opens it | test_poison |
| F33 | hidden, deleted, left while a job ends | test_deletion; the five types cannot be cancelled (api/test_acting) |
| F34 | ten thousand jobs in flight | a measurement, and no test: bench/ |
| any order of all | | test_machine |
"""
