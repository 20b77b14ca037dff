"""The one door for outgoing HTTP. Nothing else in the project opens an HTTP connection."""
