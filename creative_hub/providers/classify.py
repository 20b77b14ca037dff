"""From what a vendor answered, or did not, to a failure code: the part that is the same for every vendor.

The order of the evidence matters: a terminal status or failure code, then the vendor's error code, then the HTTP status.
An adapter looks at the first two and ends here. Two questions are kept apart: may the same call succeed later
(`retryable`), and may the vendor have taken the order although we have no reference to it (`accepted`).
"""

import math
from collections.abc import Collection, Mapping
from typing import Any

from creative_hub.providers.ports import Brief, ProviderError, Vendor
from wevion.http.errors import BadStatus, ConnectFailed, HttpError, Refused, TimedOut
from wevion.http.messages import Response

DETAIL_CHARS = 500
_POLICY_WORDS = ("moderat", "content policy", "content_policy", "usage policy")
_WRONG_REQUEST = (400, 404, 413, 415, 422)


class AccountError(ProviderError):
    """Our own account at the vendor is unusable: out of credit, or the key is refused. No user can mend it; tell operators.

    Retryable when only a look failed: a key that is put right in time must not cost the renders under way.
    """

    def __init__(self, detail: str, *, retryable: bool = False) -> None:
        super().__init__("provider_error", detail=detail, retryable=retryable)


def parsed(response: Response) -> dict[str, Any]:
    """The JSON object in the body; empty when it is anything else, so that fields can be looked for in any answer."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def words(response: Response) -> str:
    """The status and the beginning of the body, for the backoffice."""
    return f"HTTP {response.status}: {response.body[:DETAIL_CHARS].decode(errors='replace')}"


def succeeded(response: Response) -> bool:
    return 200 <= response.status < 300


def checked(response: Response) -> dict[str, Any]:
    """The body of a free question's answer; raises ProviderError, an AccountError for a refused key, if it is no success."""
    if not succeeded(response):
        raise by_status(response, submitting=False)
    return parsed(response)


def by_status(response: Response, *, submitting: bool, idempotent: bool = False) -> ProviderError:
    """The failure that an HTTP status alone tells. A 2xx status means that the body could not be understood."""
    detail, status = words(response), response.status
    if status in (401, 402, 403):
        return AccountError(detail, retryable=not submitting)
    if status == 429:
        return ProviderError("rate_limited", detail=detail, retryable=True, retry_after_seconds=response.retry_after_seconds)
    if submitting and status in _WRONG_REQUEST:
        return ProviderError("invalid_request", detail=detail)
    if 400 <= status < 500 and status != 408:
        # Just after a submit some vendors do not know their own task yet.
        return ProviderError("provider_error", detail=detail, retryable=not submitting and status == 404)
    return _unclear("provider_error", detail, submitting, idempotent, response.retry_after_seconds)


def by_http_error(error: HttpError, vendor: Vendor, *, submitting: bool) -> ProviderError:
    """The failure behind a call that brought no answer."""
    detail = f"{error.kind}: {error}"
    match error:
        case ConnectFailed():
            return ProviderError("provider_error", detail=detail, retryable=True)
        case Refused():
            return ProviderError("provider_error", detail=detail)
        case TimedOut():
            return _unclear("provider_timeout", detail, submitting, vendor.idempotent)
        case BadStatus():
            return ProviderError("provider_error", detail=detail, retryable=error.status >= 500 or error.status == 429)
        case _:
            return _unclear("provider_error", detail, submitting, vendor.idempotent)


def mentions_policy(response: Response) -> bool:
    """Whether a 4xx answer speaks of moderation, for vendors that have no code for it.

    Only the vendor's own sentences count: field errors quote the prompt, which may hold the same words.
    """
    body = parsed(response)
    detail = body.get("detail")
    said = [body.get("error"), body.get("message"), detail.get("message") if isinstance(detail, dict) else detail]
    text = " ".join(sentence.lower() for sentence in said if isinstance(sentence, str))
    return response.status in (400, 403, 422, 451) and any(word in text for word in _POLICY_WORDS)


def percent(value: object) -> int | None:
    """A vendor's progress, given as a fraction or as percent, as 0 to 99 (it is not done yet); None if it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(min(99, max(0, value * 100 if value <= 1 else value)))


def options(brief: Brief, known: Collection[str], label: str) -> Mapping[str, Any]:
    """The settings that are set. Raises ProviderError for one that the vendor has no way to express."""
    given = {name: value for name, value in brief.settings.items() if value is not None and value != ""}
    if unknown := sorted(given.keys() - set(known)):
        raise unsupported(f"{label} does not take {', '.join(unknown)}.")
    return given


def one_of(given: Mapping[str, Any], name: str, allowed: Collection[Any], label: str) -> Any:
    """The option, or None when it is not set. Raises ProviderError when its value is not among those allowed."""
    value = given.get(name)
    if value is not None and value not in allowed:
        raise unsupported(f"{label} takes {name} {', '.join(map(str, allowed))}; not {value}.")
    return value


def text_within(brief: Brief, limit: int, label: str) -> str:
    if len(brief.text) > limit:
        raise unsupported(f"{label} takes at most {limit:,} characters; this text has {len(brief.text):,}.")
    return brief.text


def unsupported(message: str) -> ProviderError:
    """What the person asked for cannot be said to this vendor; `message` names the option. Nothing was sent."""
    return ProviderError("invalid_request", message)


def _unclear(
    code: str, detail: str, submitting: bool, idempotent: bool, retry_after_seconds: float | None = None
) -> ProviderError:
    """Asking again is harmless after a look, or under an idempotency key; after any other submit it could pay twice."""
    return ProviderError(
        code,
        detail=detail,
        retryable=idempotent or not submitting,
        accepted=submitting,
        retry_after_seconds=retry_after_seconds,
    )
