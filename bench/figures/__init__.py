"""`make bench`: the figures of the design, each beside a floor measured in the same run."""
