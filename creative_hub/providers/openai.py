"""What OpenAI's endpoints have in common: the key's header, the reading of errors, and the free question about a model.

Answers are synchronous and there is no idempotency key: what is lost on the way is lost with the money. Moderation, a bad
size and a retired model share one `type`, so the `code` is asked first; an empty account is a 429 like a rate limit.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from creative_hub.providers import classify
from creative_hub.providers.ports import Account, ProviderError
from wevion.http.messages import Request, Response

BASE_URL = "https://api.openai.com/v1"

_POLICY_CODES = {"moderation_blocked", "content_policy_violation"}
_ACCOUNT_CODES = {
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_hard_limit_reached",
    "billing_not_active",
    "invalid_api_key",
    "model_not_found",  # retired, or not open to our account: the operator names another
}
_BUSY_CODES = {"rate_limit_exceeded", "slow_down", "server_is_overloaded"}  # refused before any work was done


def headers(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.api_key}"}


def error(response: Response) -> ProviderError:
    """The failure that an answer to a submit tells."""
    told, detail = _part(response), classify.words(response)
    names = {str(told.get("code")), str(told.get("type"))}
    if names & _POLICY_CODES:
        return ProviderError("content_rejected", detail=detail)
    if names & _ACCOUNT_CODES or (response.status in (400, 404) and told.get("param") == "model"):
        return classify.AccountError(detail)
    if names & _BUSY_CODES:
        after = response.retry_after_seconds
        return ProviderError("rate_limited", detail=detail, retryable=True, retry_after_seconds=after)
    return classify.by_status(response, submitting=True)


def check_request(account: Account, model: str) -> Request:
    return Request("GET", f"{account.base_url}/models/{quote(model, safe='')}", headers=headers(account))


def read_check(response: Response) -> str:
    if not classify.succeeded(response):
        raise error(response)
    end = classify.parsed(response).get("shutdown_date")
    return f"OpenAI ends this model on {end}" if isinstance(end, str) else ""


def _part(response: Response) -> Mapping[str, Any]:
    told = classify.parsed(response).get("error")
    return told if isinstance(told, dict) else {}
