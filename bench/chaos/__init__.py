"""`make chaos`: the whole product on servers of its own, under load, while processes, servers and vendors fail.

Then the faults stop, every job must end, and the books, the files and the vendors' own records must agree.
"""
