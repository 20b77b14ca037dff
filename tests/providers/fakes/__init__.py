"""One strict fake server per vendor, over real HTTP on loopback. Each module has `serve(looks=2)`, a context manager.

What a fake does is written in the prompt (or script, or text): `a red bicycle [moderated later]`. See script.py.
"""
