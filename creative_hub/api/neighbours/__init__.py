"""Other products' contracts over the same jobs, so that a program written for one of them works here.

Errors are in our envelope.
"""
