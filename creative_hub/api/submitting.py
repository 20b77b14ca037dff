"""How a program's order becomes a job, whichever contract's words it is written in."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from creative_hub.api import bodies
from creative_hub.orders import ORDERS, OrderSerializer
from jobs import submission
from jobs.models import Job
from jobs.webhooks import endpoints
from wevion.accounts.authentication import caller
from wevion.drf.parsing import body_of
from wevion.drf.strict import require_types

MAX_KEY: Final = 255


def _as_it_is(body: Any) -> Any:
    return body


def submit(
    request: Request,
    job_type: str,
    read: Callable[[Any], Any] = _as_it_is,
    names: Mapping[str, str] | None = None,
    contract: str = "",
) -> Job:
    """Submits the request's body as an order of the type: the key is looked at first, then the role, the body, the fields.

    `read` turns another contract's body into ours, and `names` our fields' names into its own, for the errors. With
    `contract` the `webhook_url` is told of the job's end in that contract's words (creative_hub.contracts).
    """
    key = _idempotency_key(request)
    submission.require_may_generate(caller(request))
    body = read(body_of(request))
    try:
        data, webhook_url = without_webhook_url(body)
        order = validated(request, job_type, data).order()
    except ValidationError as error:
        raise ValidationError(_renamed(error.detail, names or {})) from None
    order = replace(order, webhook_url=webhook_url, metadata={"contract": contract} if contract else {})
    return submission.submit(caller(request), order, key)


def validated(request: Request, job_type: str, data: Any) -> OrderSerializer:
    """The checked order of the member whose key this is; raises ValidationError naming each field."""
    serializer = ORDERS[job_type](data=data, context={"membership": caller(request)})
    serializer.is_valid(raise_exception=True)
    require_types(bodies.schema_of(job_type), data)
    return serializer


def without_webhook_url(body: Any) -> tuple[Any, str]:
    """The order, and where to tell of its end: not a part of what is made, so the order's serializer does not know it."""
    if not isinstance(body, dict) or "webhook_url" not in body:
        return body, ""
    data = dict(body)
    url = data.pop("webhook_url")
    problem = endpoints.problem_of(url) if isinstance(url, str) else "Must be text."
    if problem and url != "":
        raise ValidationError({"webhook_url": [problem]})
    return data, url


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if len(key) > MAX_KEY or "\x00" in key:
        raise ValidationError({"Idempotency-Key": [f"At most {MAX_KEY} characters."]})
    return key


def _renamed(detail: Any, names: Mapping[str, str]) -> Any:
    return {names.get(name, name): said for name, said in detail.items()} if isinstance(detail, dict) else detail
