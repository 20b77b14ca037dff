"""Two vendors as one process on loopback: their documented APIs over real HTTP, their latencies, and their worst days.

The product's own adapters are pointed at it by BFL_BASE_URL, HEYGEN_BASE_URL and HTTP_ALLOW_PRIVATE, and know nothing of it.
`POST /control` changes how it behaves (profiles.changed; `callback_origin`: callbacks.Callbacks); `GET /witness` tells what it
was asked to do.
"""
