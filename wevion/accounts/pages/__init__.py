"""Settings: the team, its members and keys, one's own password; and the page of an invitation."""
