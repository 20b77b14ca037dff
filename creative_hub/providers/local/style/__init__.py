"""Style transfer on this machine: a clip is measured, and graded towards another clip's style or a built-in look.

Pure Python over files: no Django, no engine. Each module is one of the pipeline's stages, or a part of one; what passes
between them is small JSON. A local preview renderer, not an AI model.
"""
