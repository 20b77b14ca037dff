"""Telling teams' own systems how their jobs ended, as Standard Webhooks (www.standardwebhooks.com) has it."""
