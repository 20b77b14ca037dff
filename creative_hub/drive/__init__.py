"""The mirror of a team's library in its shared drive at Google. It may be late; a job never waits for it."""
