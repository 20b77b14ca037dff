from tests.api.conftest import _no_limit, api

__all__ = ["_no_limit", "api"]
